//! A line of any size, with what lines have: menus that lead to menus and answers, announcements, a
//! queue, two languages and global keys.

use std::fmt::Write as _;

/// A line of so many steps, at least 6, whose groups file is `groups.toml` with a group `support`.
pub(crate) fn big_line(steps: usize) -> String {
    const OF_EACH_MENU: usize = 3;
    let menus = (steps - 2) / OF_EACH_MENU;
    let mut text = "[line]\nname = \"Big\"\ngroups = \"groups.toml\"\ntimezone = \"UTC\"\n\
                    languages = [\"en\", \"es\"]\nstart = \"menu-0\"\n\
                    [defaults]\ngive_up = \"support\"\n\
                    [global_keys]\n0 = \"support\"\n\"*\" = \"@back\"\n\"#\" = \"@repeat\"\n"
        .to_owned();
    for menu in 0..menus {
        let below = (1..=3).map(|child| OF_EACH_MENU * menu + child);
        let below = below.filter(|child| *child < menus);
        let below = below.map(|child| format!("menu-{child}"));
        let all = below.chain([format!("answer-{menu}"), format!("say-{menu}")]);
        let _ = writeln!(
            text,
            "[menu.menu-{menu}]\nsay.en = \"{{options}}\"\nsay.es = \"{{options}}\"\n[menu.menu-{menu}.keys]"
        );
        for (key, go) in (1..).zip(all) {
            let _ = writeln!(
                text,
                "{key} = {{ go = \"{go}\", label = {{ en = \"{go}\", es = \"el {go}\" }} }}"
            );
        }
        let _ = writeln!(
            text,
            "[answer.answer-{menu}]\nquestion = \"Question {menu}?\"\nsay.en = \"This is answer {menu}.\"\n\
             say.es = \"Esta es la respuesta {menu}.\"\nthen = \"menu-{menu}\"\n\
             [say.say-{menu}]\nsay.en = \"Before answer {menu}.\"\nsay.es = \"Antes de {menu}.\"\n\
             then = \"answer-{menu}\""
        );
    }
    text += "[queue.support]\ngroup = \"support\"\nmax_wait = \"10m\"\ntimeout = \"message\"\n\
             full = \"message\"\nno_agents = \"message\"\n";
    for place in OF_EACH_MENU * menus + 2..steps {
        let _ = writeln!(
            text,
            "[say.spare-{place}]\nsay.en = \"Spare.\"\nsay.es = \"Otro.\"\nthen = \"support\""
        );
    }
    text + "[record.message]\nsay.en = \"Leave a message.\"\nsay.es = \"Deje un mensaje.\"\n\
            mailbox = \"office\"\nthen = \"@hangup\"\n"
}
