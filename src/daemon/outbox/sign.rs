//! Signatures as [Standard Webhooks](https://www.standardwebhooks.com) has them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;

/// What secrets in base64 begin with.
const PREFIX: &str = "whsec_";

/// The signature of a body that is sent under this name at this time, in seconds since 1970 UTC.
///
/// # Errors
/// If the secret is none.
pub(super) fn signature(
    secret: &str,
    id: &str,
    seconds: u64,
    body: &str,
) -> Result<String, String> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key(secret)?);
    let tag = hmac::sign(&key, format!("{id}.{seconds}.{body}").as_bytes());
    Ok(format!("v1,{}", STANDARD.encode(tag)))
}

/// The key that a secret is.
///
/// # Errors
/// If it is none.
pub(super) fn key(secret: &str) -> Result<Vec<u8>, String> {
    let secret = secret.trim();
    let key = match secret.strip_prefix(PREFIX) {
        Some(coded) => STANDARD
            .decode(coded)
            .map_err(|_| format!("the secret is no base64 after {PREFIX}"))?,
        None => secret.as_bytes().to_vec(),
    };
    match key.is_empty() {
        true => Err("the secret is empty".to_owned()),
        false => Ok(key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_the_standard() {
        // The example of the specification.
        let signed = signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(
            signed.as_deref(),
            Ok("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        );
    }

    #[test]
    fn what_is_no_secret_signs_nothing() {
        for secret in ["", " ", "whsec_", "whsec_?"] {
            assert!(signature(secret, "a", 1, "{}").is_err(), "{secret}");
        }
    }
}
