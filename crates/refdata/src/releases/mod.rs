//! What is installed, and how it comes here.
