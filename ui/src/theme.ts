import { useEffect } from 'react';
import type { Theme } from './api/types';

/** The drawn theme: `system` follows the system's light or dark, and its wish for more contrast. */
export function resolveTheme(theme: Theme, dark: boolean, contrast: boolean): Exclude<Theme, 'system'> {
  if (theme !== 'system') return theme;
  if (contrast) return 'contrast';
  return dark ? 'dark' : 'light';
}

/** Puts the theme on the page and follows the system while the setting is `system`. */
export function useTheme(theme: Theme): void {
  useEffect(() => {
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    const contrast = window.matchMedia('(prefers-contrast: more)');
    const apply = () => {
      document.documentElement.dataset.theme = resolveTheme(theme, dark.matches, contrast.matches);
    };
    apply();
    dark.addEventListener('change', apply);
    contrast.addEventListener('change', apply);
    return () => {
      dark.removeEventListener('change', apply);
      contrast.removeEventListener('change', apply);
    };
  }, [theme]);
}
