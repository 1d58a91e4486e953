//! Whole-number arithmetic over what is known.

use super::state::State;

/// Arithmetic as shells write it: `+ - * / %`, parentheses, names.
pub(super) struct Sum<'t, 'p> {
    text: &'t str,
    at: usize,
    state: &'t State<'p>,
    depth: u32,
}

impl<'t, 'p> Sum<'t, 'p> {
    /// Over the variables of a state.
    pub(super) const fn new(text: &'t str, state: &'t State<'p>) -> Self {
        Self { text, at: 0, state, depth: 0 }
    }

    /// The number, if all of it can be told.
    pub(super) fn whole(mut self) -> Option<i64> {
        let value = self.terms()?;
        (self.peek().is_none()).then_some(value)
    }

    fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    fn terms(&mut self) -> Option<i64> {
        let mut value = self.factors()?;
        while let Some(sign @ (b'+' | b'-')) = self.peek() {
            self.at += 1;
            let next = self.factors()?;
            value = if sign == b'+' { value.checked_add(next)? } else { value.checked_sub(next)? };
        }
        Some(value)
    }

    fn factors(&mut self) -> Option<i64> {
        let mut value = self.factor()?;
        while let Some(sign @ (b'*' | b'/' | b'%')) = self.peek() {
            self.at += 1;
            if self.text.as_bytes().get(self.at) == Some(&b'*') {
                return None;
            }
            let next = self.factor()?;
            value = match sign {
                b'*' => value.checked_mul(next)?,
                b'/' => value.checked_div(next)?,
                _ => value.checked_rem(next)?,
            };
        }
        Some(value)
    }

    fn factor(&mut self) -> Option<i64> {
        self.depth += 1;
        if self.depth > 32 {
            return None;
        }
        let value = match self.peek()? {
            b'-' => {
                self.at += 1;
                self.factor()?.checked_neg()
            }
            b'(' => {
                self.at += 1;
                let value = self.terms()?;
                (self.peek() == Some(b')')).then(|| self.at += 1)?;
                Some(value)
            }
            byte if byte.is_ascii_digit() => {
                let digits = self.word(u8::is_ascii_alphanumeric)?;
                // A leading zero means octal.
                if digits.len() > 1 && digits.starts_with('0') { None } else { digits.parse().ok() }
            }
            byte if byte.is_ascii_alphabetic() || byte == b'_' => {
                let name = self.word(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')?;
                let value = self.state.variables.get(name)?;
                value.as_int().or_else(|| value.text()?.trim().parse().ok())
            }
            _ => None,
        };
        self.depth -= 1;
        value
    }

    fn word(&mut self, part: impl Fn(&u8) -> bool) -> Option<&'t str> {
        let start = self.at;
        let length = self.text.as_bytes().get(start..)?.iter().take_while(|byte| part(byte)).count();
        self.at += length;
        self.text.get(start..self.at)
    }
}
