//! What `strowger serve` is told of an Asterisk.

use crate::daemon::bridge::ari;
use clap::Args;

#[derive(Debug, Args)]
pub(super) struct Asterisk {
    /// The HTTP server of an Asterisk, `http://127.0.0.1:8088`, whose calls are served over ARI.
    #[arg(long, value_name = "URL", value_parser = ari::Address::parse)]
    ari: Option<ari::Address>,
    /// The user of `ari.conf`.
    #[arg(
        long,
        value_name = "NAME",
        default_value = "strowger",
        requires = "ari"
    )]
    ari_user: String,
    /// The user's password; better in the environment, where other users do not see it.
    #[arg(
        long,
        value_name = "WORD",
        env = "STROWGER_ARI_PASSWORD",
        default_value = "",
        hide_env_values = true,
        hide_default_value = true
    )]
    ari_password: String,
    /// The Stasis application that the dialplan hands calls to.
    #[arg(
        long,
        value_name = "NAME",
        default_value = "strowger",
        requires = "ari"
    )]
    ari_app: String,
    /// The folder of the recordings among Asterisk's sounds: `FOLDER/<line>/<language>/<prompt>`.
    #[arg(
        long,
        value_name = "FOLDER",
        default_value = "strowger",
        requires = "ari"
    )]
    ari_sounds: String,
    /// How numbers outside are dialled for calls back: an endpoint with `{number}` in it, such as
    /// `PJSIP/{number}@trunk`. Without it Asterisk makes no calls back.
    #[arg(long, value_name = "ENDPOINT", requires = "ari", value_parser = ari::Outside::parse)]
    ari_dial: Option<ari::Outside>,
}

impl Asterisk {
    /// Whether there is one that is not told how to dial numbers outside.
    pub(super) fn dials_nobody(&self) -> bool {
        self.ari.is_some() && self.ari_dial.is_none()
    }

    pub(super) fn settings(&self) -> Option<ari::Settings> {
        let address = self.ari.clone()?;
        let (user, password) = (&self.ari_user, &self.ari_password);
        let mut settings = ari::Settings::new(address, user, password, &self.ari_app);
        settings.sounds.base.clone_from(&self.ari_sounds);
        settings.outside.clone_from(&self.ari_dial);
        Some(settings)
    }
}
