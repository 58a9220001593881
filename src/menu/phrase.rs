//! House phrases: what every line says of its own accord, in each language it speaks.

use super::diagnostic::Diagnostic;
use super::diagnostic::Diagnostics;
use super::diagnostic::Place;
use super::fields::Fields;
use super::schema;
use super::tree::Name;
use super::tree::Table;
use std::collections::BTreeMap;

/// A thing the house says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phrase {
    /// An option of a menu, with `{label}` and `{key}`.
    Option,
    /// After a key that leads nowhere.
    WrongKey,
    /// After an entry that does not fit.
    WrongEntry,
    /// After silence.
    Silence,
    /// Reads an entry back, with `{digits}`; 1 keeps it, 2 starts again.
    Confirm,
    /// The place in a queue, with `{position}`.
    Position,
    /// The expected wait, with `{wait}`.
    WaitAbout,
    /// A wait too long to foretell, with `{wait}`.
    WaitMoreThan,
    /// The name of the key `*`.
    Star,
    /// The name of the key `#`.
    Pound,
    /// Asks whether an answer has helped; 1 is yes, 2 is no.
    Helped,
    /// Says on which number a caller will be called, with `{number}`; 1 confirms it, 2 takes another.
    CallBackOn,
    /// Asks for a telephone number.
    WhichNumber,
    /// After a name that was found: the `{key}` that takes it.
    Choose,
    /// After all names that were found: the `{key}` that leads back to spelling.
    Otherwise,
    /// After a spelling under which too much is found.
    MoreLetters,
    /// After a spelling under which nothing is found.
    NothingFound,
    /// Says that the conversation will be recorded.
    Recorded,
    /// Asks whether it may be; 1 is yes, 2 is no.
    MayRecord,
}

impl Phrase {
    /// All of them.
    pub(super) const ALL: [Self; 19] = [
        Self::Option,
        Self::WrongKey,
        Self::WrongEntry,
        Self::Silence,
        Self::Confirm,
        Self::Position,
        Self::WaitAbout,
        Self::WaitMoreThan,
        Self::Star,
        Self::Pound,
        Self::Helped,
        Self::CallBackOn,
        Self::WhichNumber,
        Self::Choose,
        Self::Otherwise,
        Self::MoreLetters,
        Self::NothingFound,
        Self::Recorded,
        Self::MayRecord,
    ];

    /// Whether only some steps say it: lines without such steps need not know it.
    pub(super) fn is_rare(self) -> bool {
        self as usize > Self::Pound as usize
    }

    /// What it is called in `[phrases.<language>]`.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Option => "option",
            Self::WrongKey => "wrong_key",
            Self::WrongEntry => "wrong_entry",
            Self::Silence => "silence",
            Self::Confirm => "confirm",
            Self::Position => "position",
            Self::WaitAbout => "wait_about",
            Self::WaitMoreThan => "wait_more_than",
            Self::Star => "star",
            Self::Pound => "pound",
            Self::Helped => "helped",
            Self::CallBackOn => "call_back_on",
            Self::WhichNumber => "which_number",
            Self::Choose => "choose",
            Self::Otherwise => "otherwise",
            Self::MoreLetters => "more_letters",
            Self::NothingFound => "nothing_found",
            Self::Recorded => "recorded",
            Self::MayRecord => "may_record",
        }
    }

    /// What the house says in English.
    pub(super) const fn english(self) -> &'static str {
        HOUSE[0].phrases[self as usize]
    }

    /// What it has to mention.
    fn slots(self) -> &'static [&'static str] {
        match self {
            Self::Option => &["label", "key"],
            Self::Confirm => &["digits"],
            Self::Position => &["position"],
            Self::WaitAbout | Self::WaitMoreThan => &["wait"],
            Self::CallBackOn => &["number"],
            Self::Choose | Self::Otherwise => &["key"],
            _ => &[],
        }
    }
}

struct House {
    tag: &'static str,
    /// Words in ten seconds, pauses included; syllables where these are written apart.
    words_in_ten_seconds: u64,
    /// In the order of [`Phrase::ALL`].
    phrases: [&'static str; 19],
}

/// Words in ten seconds of a language that the house does not know.
const WORDS_IN_TEN_SECONDS: u64 = 18;

const HOUSE: [House; 6] = [
    House {
        tag: "en",
        words_in_ten_seconds: WORDS_IN_TEN_SECONDS,
        phrases: [
            "For {label}, press {key}.",
            "Sorry, that is not one of the options.",
            "Sorry, that entry is not right.",
            "Sorry, I did not hear anything.",
            "You entered {digits}. To keep it, press 1. To try again, press 2.",
            "You are number {position} in the line.",
            "The wait is about {wait}.",
            "The wait is more than {wait}.",
            "star",
            "pound",
            "Did that help? For yes, press 1. For no, press 2.",
            "We will call you on {number}. To confirm, press 1. For another number, press 2.",
            "Enter the telephone number on which we can reach you, then press pound.",
            "Press {key}.",
            "Otherwise, press {key}.",
            "There is too much under these letters. Please enter more of them.",
            "Sorry, there is nothing under these letters.",
            "Your conversation with us will be recorded.",
            "May we record your conversation with us? For yes, press 1. For no, press 2.",
        ],
    },
    House {
        tag: "vi",
        words_in_ten_seconds: 30,
        phrases: [
            "Để chọn {label}, nhấn phím {key}.",
            "Xin lỗi, lựa chọn này không có trong danh sách.",
            "Xin lỗi, số quý khách vừa nhập không đúng.",
            "Xin lỗi, chúng tôi chưa nhận được lựa chọn của quý khách.",
            "Quý khách đã nhập {digits}. Để xác nhận, nhấn phím 1. Để nhập lại, nhấn phím 2.",
            "Quý khách đang ở vị trí thứ {position} trong hàng chờ.",
            "Thời gian chờ khoảng {wait}.",
            "Thời gian chờ hơn {wait}.",
            "sao",
            "thăng",
            "Thông tin này có giúp ích cho quý khách không? Nếu có, nhấn phím 1. Nếu không, nhấn phím 2.",
            "Chúng tôi sẽ gọi cho quý khách theo số {number}. Để xác nhận, nhấn phím 1. Để nhập số khác, nhấn phím 2.",
            "Quý khách vui lòng nhập số điện thoại để chúng tôi gọi lại, sau đó nhấn phím thăng.",
            "Nhấn phím {key}.",
            "Nếu không, nhấn phím {key}.",
            "Có quá nhiều kết quả với các chữ này. Quý khách vui lòng nhập thêm chữ.",
            "Xin lỗi, không có kết quả nào với các chữ này.",
            "Cuộc trò chuyện của quý khách với chúng tôi sẽ được ghi âm.",
            "Quý khách có đồng ý để chúng tôi ghi âm cuộc trò chuyện không? Nếu đồng ý, nhấn phím 1. Nếu không, nhấn phím 2.",
        ],
    },
    House {
        tag: "es",
        words_in_ten_seconds: WORDS_IN_TEN_SECONDS,
        phrases: [
            "Para {label}, pulse {key}.",
            "Lo sentimos, esa opción no es válida.",
            "Lo sentimos, el número introducido no es correcto.",
            "Lo sentimos, no hemos recibido ninguna respuesta.",
            "Ha introducido {digits}. Para confirmarlo, pulse 1. Para repetirlo, pulse 2.",
            "Es usted el número {position} de la cola.",
            "El tiempo de espera es de unos {wait}.",
            "El tiempo de espera es de más de {wait}.",
            "asterisco",
            "almohadilla",
            "¿Le ha servido de ayuda? Si es así, pulse 1. Si no, pulse 2.",
            "Le llamaremos al {number}. Para confirmarlo, pulse 1. Para indicar otro número, pulse 2.",
            "Introduzca el número de teléfono al que podemos llamarle y pulse almohadilla.",
            "Pulse {key}.",
            "Si no, pulse {key}.",
            "Hay demasiados resultados con esas letras. Introduzca algunas más.",
            "Lo sentimos, no hay nada con esas letras.",
            "Su conversación con nosotros será grabada.",
            "¿Podemos grabar su conversación con nosotros? Si está de acuerdo, pulse 1. Si no, pulse 2.",
        ],
    },
    House {
        tag: "ca",
        words_in_ten_seconds: WORDS_IN_TEN_SECONDS,
        phrases: [
            "Per a {label}, premi {key}.",
            "Ho sentim, aquesta opció no és vàlida.",
            "Ho sentim, el número introduït no és correcte.",
            "Ho sentim, no hem rebut cap resposta.",
            "Ha introduït {digits}. Per confirmar-ho, premi 1. Per repetir-ho, premi 2.",
            "Vostè és el número {position} de la cua.",
            "El temps d'espera és d'uns {wait}.",
            "El temps d'espera és de més de {wait}.",
            "asterisc",
            "coixinet",
            "Li ha servit d'ajuda? Si és així, premi 1. Si no, premi 2.",
            "Li trucarem al {number}. Per confirmar-ho, premi 1. Per indicar un altre número, premi 2.",
            "Introdueixi el número de telèfon al qual li podem trucar i premi coixinet.",
            "Premi {key}.",
            "Si no, premi {key}.",
            "Hi ha massa resultats amb aquestes lletres. Introdueixi'n més.",
            "Ho sentim, no hi ha res amb aquestes lletres.",
            "La seva conversa amb nosaltres serà enregistrada.",
            "Podem enregistrar la seva conversa amb nosaltres? Si hi està d'acord, premi 1. Si no, premi 2.",
        ],
    },
    House {
        tag: "fr",
        words_in_ten_seconds: WORDS_IN_TEN_SECONDS,
        phrases: [
            "Pour {label}, tapez {key}.",
            "Désolé, ce choix n'est pas proposé.",
            "Désolé, le numéro saisi n'est pas correct.",
            "Désolé, nous n'avons pas reçu de réponse.",
            "Vous avez saisi {digits}. Pour confirmer, tapez 1. Pour recommencer, tapez 2.",
            "Vous êtes en position {position} dans la file d'attente.",
            "L'attente est d'environ {wait}.",
            "L'attente est de plus de {wait}.",
            "étoile",
            "dièse",
            "Cela vous a-t-il aidé ? Si oui, tapez 1. Sinon, tapez 2.",
            "Nous vous appellerons au {number}. Pour confirmer, tapez 1. Pour un autre numéro, tapez 2.",
            "Saisissez le numéro de téléphone auquel nous pouvons vous joindre, puis tapez dièse.",
            "Tapez {key}.",
            "Sinon, tapez {key}.",
            "Il y a trop de réponses pour ces lettres. Veuillez en saisir davantage.",
            "Désolé, rien ne correspond à ces lettres.",
            "Votre conversation avec nous sera enregistrée.",
            "Pouvons-nous enregistrer votre conversation avec nous ? Si oui, tapez 1. Sinon, tapez 2.",
        ],
    },
    House {
        tag: "de",
        words_in_ten_seconds: WORDS_IN_TEN_SECONDS,
        phrases: [
            "Für {label} drücken Sie die {key}.",
            "Diese Auswahl gibt es leider nicht.",
            "Diese Eingabe ist leider nicht richtig.",
            "Wir haben leider keine Eingabe erhalten.",
            "Sie haben {digits} eingegeben. Zum Bestätigen drücken Sie die 1. \
             Zum Wiederholen drücken Sie die 2.",
            "Sie sind Nummer {position} in der Warteschlange.",
            "Die Wartezeit beträgt etwa {wait}.",
            "Die Wartezeit beträgt mehr als {wait}.",
            "Sterntaste",
            "Rautetaste",
            "Hat Ihnen das geholfen? Wenn ja, drücken Sie die 1. Wenn nein, drücken Sie die 2.",
            "Wir rufen Sie unter {number} an. Zum Bestätigen drücken Sie die 1. Für eine andere Nummer drücken Sie die 2.",
            "Geben Sie die Telefonnummer ein, unter der wir Sie erreichen, und drücken Sie die Rautetaste.",
            "Drücken Sie die {key}.",
            "Sonst drücken Sie die {key}.",
            "Zu diesen Buchstaben gibt es zu viel. Bitte geben Sie weitere ein.",
            "Zu diesen Buchstaben gibt es leider nichts.",
            "Ihr Gespräch mit uns wird aufgezeichnet.",
            "Dürfen wir Ihr Gespräch mit uns aufzeichnen? Wenn ja, drücken Sie die 1. Wenn nein, drücken Sie die 2.",
        ],
    },
];

/// The phrases of one line: the house's, and the line's own wording over them.
#[derive(Clone, Debug, Default)]
pub(super) struct Book {
    own: BTreeMap<(String, Phrase), Name>,
}

impl Book {
    /// Reads `[phrases.*]`; reports what is missing for the languages of the line.
    pub(super) fn read(table: Option<&Table>, languages: &[String], out: &mut Diagnostics) -> Self {
        let mut book = Self::default();
        for entry in table.map_or(&[][..], |table| &table.entries) {
            let tag = entry.key.text.as_str();
            if !languages.iter().any(|language| language == tag) {
                out.push(unknown_language(&entry.key, languages));
                continue;
            }
            let title = format!("[phrases.{tag}]");
            let Some(fields) = Fields::of(entry, title, out) else {
                continue;
            };
            let fields = fields.shaped(Some(&schema::phrases::PHRASES));
            book.read_language(tag, fields, out);
        }
        book
    }

    fn read_language(&mut self, tag: &str, mut fields: Fields<'_>, out: &mut Diagnostics) {
        for phrase in Phrase::ALL {
            let Some(text) = fields.text(phrase.name()) else {
                continue;
            };
            for slot in phrase.slots() {
                if !text.text.contains(&format!("{{{slot}}}")) {
                    let message = format!("this phrase has to mention `{{{slot}}}`");
                    fields.bad_value(text.place.clone(), message, "the house fills it in");
                }
            }
            if phrase.slots().is_empty() {
                fields.spoken(phrase.name(), &text);
            }
            if phrase == Phrase::MayRecord && !"12".chars().all(|key| text.text.contains(key)) {
                fields.push(asks_without_keys(&text));
            }
            self.own.insert((tag.to_owned(), phrase), text);
        }
        fields.finish(out);
    }

    /// The wording of a phrase, if there is any for this language.
    pub(super) fn get(&self, tag: &str, phrase: Phrase) -> Option<&str> {
        let own = self.own.get(&(tag.to_owned(), phrase));
        let own = own.map(|text| text.text.as_str());
        own.or_else(|| Some(house(tag)?.phrases[phrase as usize]))
    }

    /// The line's own wording of what only some steps say, and where it is written.
    pub(super) fn rare(&self) -> impl Iterator<Item = (Phrase, &Place)> {
        let rare = self.own.iter().filter(|((_, phrase), _)| phrase.is_rare());
        rare.map(|((_, phrase), text)| (*phrase, &text.place))
    }

    /// The phrases that a language lacks.
    pub(super) fn lacks(&self, tag: &str) -> Vec<&'static str> {
        let lacking = Phrase::ALL
            .iter()
            .filter(|phrase| !phrase.is_rare() && self.get(tag, **phrase).is_none());
        lacking.map(|phrase| phrase.name()).collect()
    }

    /// The name of a key in a language: digits are read as they are.
    pub(super) fn key_name(&self, tag: &str, keys: &str) -> String {
        let name = |c: char| match c {
            '*' => self.get(tag, Phrase::Star).unwrap_or("*").to_owned(),
            '#' => self.get(tag, Phrase::Pound).unwrap_or("#").to_owned(),
            digit => digit.to_string(),
        };
        keys.chars().map(name).collect::<Vec<String>>().join(" ")
    }
}

/// How many words of a language are spoken in ten seconds.
pub(super) fn words_in_ten_seconds(tag: &str) -> u64 {
    house(tag).map_or(WORDS_IN_TEN_SECONDS, |house| house.words_in_ten_seconds)
}

/// What a line in this language has to say in words of its own: the names of the phrases, and what they are
/// in English. None of a language that the house speaks; those about calls back only where there are any.
pub(super) fn to_translate(tag: &str, calls_back: bool) -> Vec<(&'static str, &'static str)> {
    if house(tag).is_some() {
        return Vec::new();
    }
    let of_callback = |phrase| matches!(phrase, Phrase::CallBackOn | Phrase::WhichNumber);
    let asked = Phrase::ALL
        .into_iter()
        .filter(|phrase| !phrase.is_rare() || (calls_back && of_callback(*phrase)));
    let english = |phrase: Phrase| (phrase.name(), phrase.english());
    asked.map(english).collect()
}

/// The house's phrases for a language: `en-GB` is spoken like `en`.
fn house(tag: &str) -> Option<&'static House> {
    let language = tag.split('-').next().unwrap_or(tag);
    HOUSE.iter().find(|house| house.tag == language)
}

/// Callers who are asked for their consent have to know how to give it.
fn asks_without_keys(text: &Name) -> Diagnostic {
    let message = "this question does not say which keys answer it";
    let diagnostic = Diagnostic::warning("question-without-keys", text.place.clone(), message);
    diagnostic
        .label("callers cannot answer")
        .help("the key 1 agrees, the key 2 refuses: \"For yes, press 1. For no, press 2.\"")
}

/// A language that the line does not speak.
pub(super) fn unknown_language(name: &Name, languages: &[String]) -> Diagnostic {
    let message = format!("this line does not speak \"{}\"", name.text);
    Diagnostic::error("unknown-language", name.place.clone(), message)
        .label("not in `languages`")
        .suggest(&name.text, languages.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_house_phrase_mentions_what_is_filled_in() {
        for house in &HOUSE {
            for (phrase, text) in Phrase::ALL.iter().zip(house.phrases) {
                for slot in phrase.slots() {
                    assert!(
                        text.contains(&format!("{{{slot}}}")),
                        "{} {text}",
                        house.tag
                    );
                }
            }
        }
    }

    #[test]
    fn phrases_are_in_the_order_of_their_names() {
        for (place, phrase) in Phrase::ALL.into_iter().enumerate() {
            assert_eq!(phrase as usize, place);
        }
    }

    #[test]
    fn a_regional_tag_speaks_the_language() {
        let book = Book::default();
        assert!(book.lacks("en-GB").is_empty());
        assert_eq!(book.lacks("pt").len(), Phrase::Pound as usize + 1);
        assert_eq!(book.key_name("en", "*1"), "star 1");
    }
}
