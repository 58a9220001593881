//! What `strowger serve` says when it cannot begin.

use crate::cli::run;

#[test]
fn a_journal_wants_a_directory_that_can_be_written() {
    for (data, why) in [
        (
            "Cargo.toml",
            "Cargo.toml is no directory, and a journal is kept in one: name another with --data",
        ),
        (
            "Cargo.toml/data",
            "Cargo.toml/data cannot be written (Not a directory (os error 20)): let the daemon's user \
             write there, or name another directory with --data",
        ),
    ] {
        let (code, out, err) = run(&["serve", "menus/clinic.toml", "--data", data]);
        assert_eq!((code, out.as_str()), (Some(3), ""), "{err}");
        let said = format!("error: {why}");
        assert_eq!(err.lines().last(), Some(said.as_str()));
    }
}

#[test]
fn an_address_to_listen_on_is_one_of_numbers() {
    for address in ["localhost:4747", "4747"] {
        let args = [
            "serve",
            "menus/clinic.toml",
            "--data",
            "x",
            "--listen",
            address,
        ];
        let (code, _, err) = run(&args);
        assert_eq!(code, Some(2), "{err}");
        assert!(
            err.contains("write an IP address and a port, such as 127.0.0.1:4747"),
            "{err}"
        );
    }
}
