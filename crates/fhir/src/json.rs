//! JSON as FHIR likes to see it: pretty, and whole numbers without `.0`.

use std::io::{self, Write};

use clinotype_genome::{Fault, Result};
use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

/// The value as pretty JSON with a line end. The order of fields is that of the model, so the bytes are the same in
/// every build.
pub(crate) fn pretty(value: &impl Serialize) -> Result<String> {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, WholeNumbers(PrettyFormatter::new()));
    value
        .serialize(&mut serializer)
        .map_err(|e| Fault::internal("the FHIR bundle cannot be written as JSON").caused_by(e))?;
    bytes.push(b'\n');
    String::from_utf8(bytes).map_err(|e| Fault::internal("the FHIR bundle is not UTF-8").caused_by(e))
}

/// The model keeps decimals as `f64`. `43124028.0` would claim a tenth of a base: FHIR reads decimals with their
/// precision.
struct WholeNumbers<'a>(PrettyFormatter<'a>);

impl Formatter for WholeNumbers<'_> {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        // Exact: whole numbers below 2^53 have one decimal form.
        if value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0 {
            write!(writer, "{value:.0}")
        } else {
            self.0.write_f64(writer, value)
        }
    }
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }
    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }
    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }
    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }
    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }
    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }
    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }
    fn end_object_key<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_key(writer)
    }
    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }
    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn whole_numbers_have_no_fraction() {
        let text = super::pretty(&[43_124_028.0, 0.4918, -1.0, 1e300]).unwrap();
        assert_eq!(text, "[\n  43124028,\n  0.4918,\n  -1,\n  1e+300\n]\n");
    }
}
