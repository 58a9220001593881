//! What every metric means, in one sentence: the one home of the words that JSON, reports and help
//! texts print.

/// What a metric counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Attempts, calls, callers, entries, agents.
    Count,
    /// Calls and parts of calls, or so many of something to one of another.
    Ratio,
    /// Between 0 and 1.
    Share,
    /// Seconds.
    Seconds,
    /// Seconds more, or less.
    SecondsMore,
    /// Money, in the currency of the scenario.
    Money,
    /// From -100 to 100.
    Points,
}

impl Unit {
    /// The least value that the unit allows.
    pub fn least(self) -> f64 {
        match self {
            Self::SecondsMore => f64::NEG_INFINITY,
            Self::Points => -100.0,
            Self::Count | Self::Ratio | Self::Share | Self::Seconds | Self::Money => 0.0,
        }
    }

    /// The largest value that the unit allows.
    pub fn most(self) -> f64 {
        match self {
            Self::Share => 1.0,
            Self::Points => 100.0,
            Self::Count | Self::Ratio | Self::Seconds | Self::SecondsMore | Self::Money => {
                f64::INFINITY
            }
        }
    }
}

/// What one metric means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The name in JSON.
    pub name: &'static str,
    /// What it counts in.
    pub unit: Unit,
    /// Whether it adds up over time: a run twice as long has twice as much.
    pub is_sum: bool,
    /// The meaning.
    pub sentence: &'static str,
}

/// The definition of a metric. Panics when there is none: a metric without one is a bug.
pub fn definition(name: &str) -> &'static Definition {
    let found = DEFINITIONS.iter().find(|one| one.name == name);
    found.unwrap_or_else(|| panic!("the metric {name} has no definition"))
}

const fn count(name: &'static str, sentence: &'static str) -> Definition {
    Definition {
        name,
        unit: Unit::Count,
        is_sum: true,
        sentence,
    }
}

const fn ratio(name: &'static str, sentence: &'static str) -> Definition {
    Definition {
        name,
        unit: Unit::Ratio,
        is_sum: false,
        sentence,
    }
}

const fn share(name: &'static str, sentence: &'static str) -> Definition {
    Definition {
        name,
        unit: Unit::Share,
        is_sum: false,
        sentence,
    }
}

const fn seconds(name: &'static str, sentence: &'static str) -> Definition {
    Definition {
        name,
        unit: Unit::Seconds,
        is_sum: false,
        sentence,
    }
}

/// Time that adds up.
const fn time(name: &'static str, sentence: &'static str) -> Definition {
    Definition {
        is_sum: true,
        ..seconds(name, sentence)
    }
}

const fn seconds_more(name: &'static str, sentence: &'static str) -> Definition {
    Definition {
        name,
        unit: Unit::SecondsMore,
        is_sum: false,
        sentence,
    }
}

const fn money(name: &'static str, sentence: &'static str) -> Definition {
    Definition {
        name,
        unit: Unit::Money,
        is_sum: true,
        sentence,
    }
}

const fn points(name: &'static str, sentence: &'static str) -> Definition {
    Definition {
        name,
        unit: Unit::Points,
        is_sum: false,
        sentence,
    }
}

/// All of them, in the order in which reports name them.
#[rustfmt::skip]
pub const DEFINITIONS: &[Definition] = &[
    // attempts and callers
    count("attempts", "Arrivals at the line, redials included; each has exactly one outcome or is in progress at the end."),
    count("callers", "Persons who called, each counted once, in the interval of the first attempt."),
    count("redials", "Attempts beyond a caller's first: attempts - callers."),
    ratio("attempts_per_caller", "Attempts / callers: by how much redials multiply the calls."),
    count("callers_served", "Callers of whose attempts one brought what they called for: an agent (the last one they were handed on to), an answer that was enough as far as the line can tell (self_served), a message taken, a transfer, or a call back that reached them; of an interval, those who got it then."),
    count("callers_unserved", "Callers none of whose attempts brought anything: no agent (or one from whom they were cut off), no answer that was enough as far as the line can tell, no message taken, no transfer."),
    time("trunk_s", "Time for which all attempts together held their lines, from arrival to end, talks included; calls back come on top."),
    time("trunk_wasted_s", "Time for which attempts held their lines that brought nothing: of those who hung up waiting, were turned away, left in the menus unserved, were cut off (in a talk, too: talks_cut_off) or came to another queue after a talk and reached nobody there (lost_after_talk). Blocked attempts hold none."),
    // outcomes
    count("blocked", "Attempts that found no trunk free, or were shed at the door."),
    count("blocked_by_limit", "Of the blocked attempts, those shed at the door though a trunk was free: the caller had called as often as the line's caller_limit allows."),
    count("self_served", "Attempts that recorded answers satisfied as far as the line can tell: confirmed and probable together. How many it was in truth, which a simulation knows, is wanted_satisfied_share."),
    count("self_served_confirmed", "Attempts whose caller said with a key that the answer was enough."),
    count("self_served_probable", "Attempts that ended in the menus after at least 80 % of a recorded answer was heard, by callers who had left no message, were promised no call back, and did not come back within 24 h."),
    count("contained", "Attempts that ended in the menus without having asked for a person, whether solved or not; a view across outcomes, not one of them."),
    count("left_in_menu", "Attempts that ended before a queue was reached, unserved."),
    count("message", "Attempts in which a voicemail or ticket was left."),
    count("callback", "Attempts that ended with a call back promised to the caller."),
    count("transferred_out", "Attempts handed to a number outside."),
    count("turned_away", "For attempts: could not wait (queue full, closed, nobody signed in) or waited too long, with no other outcome after it; for a queue: refused at its door."),
    count("answered", "For attempts: answered by an agent; for a queue: entries answered by an agent."),
    count("abandoned", "Hung up while waiting; of attempts also those that left the queue by a key and were served by nothing after, which are left_by_key of the queue."),
    count("ended_by_system", "Ended by the longest allowed call, in the menus or while waiting; those that had left a voicemail or ticket before are messages, and those that were cut off in a talk are answered, and counted as talks_cut_off."),
    count("handed_on", "Times that a caller came to another queue after a talk, handed on by the agent or by the line, or in a talk into which the agent invited a colleague who came."),
    count("lost_after_talk", "Of the answered attempts, those whose caller came to another queue after a talk and reached nobody there: hung up, waited too long, was turned away or cut off. Such a caller is not served by it; answered, and outcomes as a whole, stay as they are."),
    count("talks_cut_off", "Of the answered attempts, those that were cut off in the talk: the call was at its longest length (max_call). Such a caller was answered, in time or not, and counts so in the service level; but is not served by it, and may call again."),
    count("in_progress", "Attempts not over when the run ended."),
    // queues
    count("queued", "Calls that entered a queue; for one queue, its entries."),
    count("entered", "Entries into the queue = answered + abandoned + overflowed_out + left_by_key + timed_out + ended_by_system + withdrawn + waiting_at_end."),
    count("overflowed_in", "Entries that came from another queue, with the wait already behind them."),
    count("overflowed_out", "Entries that went on to another queue when the longest wait was over or the last agent went home."),
    count("left_by_key", "Entries that left the queue by a key."),
    count("timed_out", "Entries that left the queues when the longest wait was over or the last agent went home."),
    count("withdrawn", "Entries for a colleague whom an agent had invited into a talk, and whom nobody answered: the agent took it back, or nobody came in time. The caller talked to the agent all the while; such an entry is no wait, and in no service level but that of entered."),
    count("waiting_at_end", "Entries still waiting when the run ended."),
    share("abandoned_share", "Abandoned / queued."),
    share("service_level", "Answered within T, the queue's own target, / (answered + abandoned later than the short abandon + turned away + timed out + ended by the longest call + overflowed for good); in the total every wait counts once, where it ended: overflowing to another queue goes on with a wait, coming to one after a talk (handed_on) begins another."),
    share("service_level_of_entered", "Answered within T / entered; for the total, over waits begun."),
    share("service_level_of_answered", "Answered within T / answered."),
    seconds("asa_s", "Mean wait of the answered, from the first entry into a queue to the answer, ringing included, menus excluded."),
    seconds("wait_mean_s", "Mean of all waits that ended, however they ended; going on to another queue does not end a wait."),
    seconds("wait_p50_s", "Half of all waits were this long at most, those of all runs together, to a thousandth. The interval is one of order statistics whose ranks allow for how runs differ; without an upper end (at least so long) where the runs do not tell how much longer."),
    seconds("wait_p90_s", "Nine in ten waits were this long at most; as for half of them."),
    seconds("wait_p99_s", "99 in 100 waits were this long at most; as for half of them."),
    seconds("wait_max_s", "The longest wait of a run; the mean over runs. So it may be below the wait of 99 in 100, which is of all runs together: few runs have the longest waits."),
    count("queue_length_max", "Most callers in line at one time in a run, for the total in all queues together: those for whom nobody is free; whose phone at the other end rings is not in line. The mean over runs."),
    seconds("talk_mean_s", "Mean length of the conversations that were over when the run ended. Those still going on are not in it, the long ones above all: of the last interval it is too low where agents still talk then."),
    seconds("aht_s", "Talk + hold + wrap-up per conversation that was over when the run ended; ringing is extra. Too low of the last interval, as talk_mean_s is."),
    // agents
    count("callbacks_booked", "Calls back that were promised. They are outside the service level of the queues."),
    count("callbacks_reached", "Of the calls back promised, those whose caller was reached."),
    share("callbacks_on_time", "Of the calls back that reached their caller, those that did at most 15 min after the wait that was to be expected when they were promised."),
    count("callbacks_unreached", "Calls back given up: the caller did not answer, or the number could not be dialled, as often as it was tried."),
    count("callbacks_withdrawn", "Calls back not wanted any more: an agent has talked to the caller in another call, or in another call back."),
    count("callbacks_open", "Calls back promised and neither reached, given up nor withdrawn when the run ended: booked - reached - unreached - withdrawn."),
    seconds("callback_wait_s", "Mean time from the promise of a call back to the caller's answer."),
    count("outbound_asked", "Calls to people who had not called, for which another program has asked. They are no calls back, and outside the service level of the queues."),
    count("outbound_dialled", "Times that one of them was dialled."),
    count("outbound_reached", "Of them, those who answered and talked to an agent."),
    count("outbound_unreached", "Given up: nobody answered, or the number could not be dialled, as often as it was tried."),
    count("outbound_withdrawn", "Not wanted any more: an agent has talked to the person in another call."),
    count("outbound_open", "Neither reached, given up nor withdrawn when the run ended: asked - reached - unreached - withdrawn."),
    seconds("outbound_wait_s", "Mean time from when somebody was to be called to the answer."),
    share("occupancy", "(Ringing + dialling of calls back + talk + hold + wrap-up) / (signed in - paused) of the agents concerned."),
    share("shrinkage", "Of the time on the roster, the share in which people were not there, or on a break: absences, lateness, breaks and time away. Work that goes on after the end of a shift makes up for none of it. Known of the whole run only."),
    count("agents", "Agents of the group who signed in during a run."),
    count("calls", "Calls answered: by the agent, or from the group's queues; calls back whose callers answered among them."),
    count("calls_per_agent", "Calls answered per agent of the group who signed in, from whatever queue."),
    count("calls_per_agent_sd", "Standard deviation of the calls between the group's agents in a run; the mean over runs."),
    count("calls_per_agent_min", "Fewest calls of an agent of the group in a run; the mean over runs."),
    count("calls_per_agent_max", "Most calls of an agent of the group in a run; the mean over runs."),
    share("fairness", "Jain's index of the calls of the group's agents: 1 when all took the same number; the mean over runs."),
    count("missed", "Offers that rang out without an answer."),
    count("declined", "Offers that the agent refused."),
    time("signed_in_s", "Time signed in, breaks included."),
    time("ringing_s", "Time with the phone ringing."),
    time("dialling_s", "Time in which the number of a call back was dialled for the agent, until the caller answered or did not."),
    time("talk_s", "Time with a caller."),
    time("wrap_up_s", "Time of work after calls."),
    time("idle_s", "Time free for a call, and what rest leaves of the breath after wrap-up: rest runs from the end of the talk."),
    time("break_s", "Time on breaks."),
    time("not_ready_s", "Time signed in but not taking calls, such as after a missed call."),
    // fairness to agents
    ratio("share_error_rms", "Calls answered - calls due, as root mean square over the agents at work; an answered call is due in parts, by weight, to all agents at work, busy or not, who may take the same calls as the taker, in the same order. The mean over runs."),
    ratio("share_error_max", "The largest share error, too many calls or too few; the mean over runs."),
    ratio("share_error_dispatcher_rms", "The part of the share errors that the dispatcher could have avoided: of too many calls those that the agent was given while a free colleague was owed a whole call more, of too few those for which the agent was passed over while owed one more. What the account of the dispatcher has forgiven (catch_up) is not in it. Root mean square; the mean over runs."),
    ratio("share_error_forgiven_rms", "The part of the share errors that choices could have avoided had it not been forgiven: of what is owed, either way, no more than catch_up calls are made up for. Root mean square; the mean over runs."),
    ratio("share_error_structural_rms", "The rest of the share errors, which no choice could have avoided: a call that waited goes to whoever is free first, and a long call keeps its agent from others. Root mean square; the mean over runs."),
    ratio("spread", "Most less fewest calls answered / calls due, over the agents to whom one call or more was due; the mean over runs."),
    share("jain", "Jain's index of calls answered / calls due of the same agents: 1 when all are equal; the mean over runs."),
    share("gini", "Gini's coefficient of calls answered / calls due of the same agents: 0 when all are equal; the mean over runs."),
    ratio("occupancy_cv", "Coefficient of variation of the agents' own occupancies; the mean over runs."),
    share("inequitable_share", "Of the calls that came while two or more agents who might take them were free, the share given to one of these while another was owed at least one call more; owed is calls due - calls answered, those of a warm-up too."),
    share("inequitable_forgiven_share", "Of the same calls, the share of inequitable choices in which nobody passed over was owed a whole call more once what was forgiven is taken off: of what is owed, no more than catch_up calls are made up for."),
    ratio("carpool_debt_max", "The most calls that anybody was ever ahead of or behind an equal part, by weight, of every call among those who were free for it, calls that ring included; the mean over runs."),
    ratio("join_flood", "Calls answered / calls due in their first 30 minutes, of agents who came at least 30 minutes after the first of those who may take the same calls."),
    count("longest_streak", "Most calls given to one agent while the same colleague, who might have taken each, sat free since before the first; the mean over runs."),
    seconds("rest_gap_p10_s", "Nine in ten gaps between the end of a call with its wrap-up and the next ringing were this long at least; the mean over runs. Rest runs from the end of the talk, so that after a wrap-up as long the gap may be 0."),
    count("missed_offers", "Offers that rang out or were refused."),
    // fairness to callers
    ratio("inversions_per_1000", "Of 1000 answered calls, those given to an agent while somebody who had joined a queue earlier was in line for the same agent. Head starts, emergencies and places kept for those who call again (returning) are there to do this, and count."),
    count("overtakes_max", "Most times that one caller in line was passed over so; the mean over runs."),
    seconds("expected_wait_s", "Mean wait that was expected on joining the queue, of callers who had to wait and were answered."),
    seconds_more("expected_wait_bias_s", "Mean of expected - actual wait, from joining the queue to the ringing of the agent who answered; above 0 where it came sooner than expected. Of those who had to wait and were answered: how long those who hung up would have waited is not known."),
    seconds("expected_wait_error_s", "Mean difference between the expected and the actual wait of the same callers, either way."),
    // answers
    count("played", "Times that the answer was played. One thing follows each: settled + to_person + to_another + left_after + came_back + still on the line at the end."),
    share("heard_share", "Of the times that the answer was played, the share in which at least 80 % of it was heard; the others cut it off."),
    count("cut_off", "Times that less than 80 % of the answer was heard."),
    count("settled", "Calls that the answer has settled: confirmed and probable together. Of several answers that a call has heard it is the last one, or the last one of which enough was heard where the caller did not say so."),
    count("settled_confirmed", "Calls whose caller said with a key, after this answer, that it was enough."),
    count("settled_probable", "Calls that ended in the menus after this answer, by callers who did not come back within 24 h."),
    share("settled_share", "Settled / played: of the times that the answer was played, the share in which it settled the call."),
    share("confirmed_share", "Confirmed / settled: of the calls that the answer has settled, the share whose caller said so with a key."),
    count("to_person", "Times that the caller came to people after the answer: joined a queue, was turned away from one, was promised a call back or was handed to a number outside."),
    share("to_person_share", "To a person / played."),
    count("to_another", "Times that the caller heard another answer after it, or the same one again."),
    share("to_another_share", "To another answer / played."),
    count("left_after", "Times that the call ended after the answer in another way: cut off and hung up, a message left, the longest call."),
    share("left_after_share", "Left after it / played."),
    count("came_back", "Times that the call ended after the answer and the caller came back within 24 h: it was not enough after all."),
    share("came_back_share", "Came back / played."),
    time("saved_s", "Time of agents that the answer has saved: the calls that it settled, each as long as agents handle a call (talk + hold + wrap-up) of the queues to which its other callers went on; of all queues of its line, where none did; nothing is said where agents handled no call of the line. It takes each of these callers for one who would else have talked to an agent."),
    money("saved_money", "Time of agents that the answer has saved, at the costs of an hour that the scenario gives."),
    // what has no answer
    count("requests", "Calls that came to people by this way, each counted once, by the last key or step before: joined a queue, were turned away from one or were promised a call back."),
    count("requests_after_answer", "Of these, calls that had just heard a recorded answer, which was not enough."),
    count("wanted", "Calls of those who wanted this that got through and are over."),
    count("wanted_to_person", "Calls of those who wanted this that came to people, whether these were there or not."),
    share("wanted_to_person_share", "Of the calls of those who wanted this, the share that came to people, whether these were there or not."),
    share("wanted_self_served_share", "Of the calls of those who wanted this, the share that counted as self-served when they ended."),
    share("wanted_satisfied_share", "Of the calls of those who wanted this, the share that a recording satisfied in truth, which only a simulation knows."),
    // other systems
    count("lookups", "Times that another system was asked and came to some end."),
    share("lookup_found_share", "Of the look-ups, the share that brought an answer."),
    count("lookup_refused", "Look-ups that were answered by an error: a status of HTTP."),
    count("lookup_timed_out", "Look-ups without an answer in time."),
    count("lookup_failed", "Look-ups without a connection, or with an answer that could not be read."),
    share("lookup_slow_share", "Of the look-ups, the share that took longer than 0.6 s, so that the caller was asked for patience where the line has words for that."),
    seconds("lookup_mean_s", "Mean time of a look-up, those without an answer included."),
    seconds("lookup_max_s", "The longest look-up of a run; the mean over runs."),
    // surveys
    count("questions_put", "Times that the question was put to a caller whose call an agent of this queue had taken last."),
    count("responses", "Callers who answered the question."),
    share("response_share", "Responses / times that the question was put."),
    ratio("score_mean", "Mean of the answers given."),
    share("csat", "Customer satisfaction, of a question with answers from 1 to 5: the share of responses that are 4 or 5."),
    points("nps", "Net promoter score, of a question with answers from 0 to 10: the percentage of responses that are 9 or 10, less the percentage of those from 0 to 6."),
    share("yes_share", "Of a question with the answers 1 and 2, the share of responses that are 1."),
];
