//! Telephone numbers, as a `transfer` dials them.

/// The most digits of a number.
const DIGITS_MAX: usize = 20;

/// What stands where nobody knows the number.
pub(super) const UNKNOWN: &str = "0";

/// A number that can be dialled; hyphens, dots, spaces and brackets are taken out.
pub(super) fn dialable(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix("tel:").unwrap_or(text);
    let plain = |c: &char| !['-', '.', ' ', '(', ')'].contains(c);
    let number: String = text.chars().filter(plain).collect();
    let digits = number.strip_prefix('+').unwrap_or(&number);
    let is_number = (1..=DIGITS_MAX).contains(&digits.len())
        && digits.bytes().all(|c| c.is_ascii_digit())
        && text.starts_with(|c: char| c == '+' || c == '(' || c.is_ascii_digit());
    is_number.then_some(number)
}
