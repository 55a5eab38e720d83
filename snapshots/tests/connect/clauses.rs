//! The clauses in plain Rust: where a participant stands on each day.

use super::*;

const SITE_PAGE_DAYS: Day = 30;
const LISTING_DAYS: Day = 90;
const TO_APPLY: i64 = 10;
const TO_GRADUATE: i64 = 40;
const TO_ENTER: i64 = 50;
const RESPONSES: usize = 20;
const NPS: i64 = 25;

/// A participant, with the count that held before the first one on record.
pub(super) struct Participant<'h> {
    pub(super) on_record: &'h History,
    pub(super) before_first: i64,
}

/// Where a participant stands at the end of a day.
struct Place {
    stage: &'static str,
    deadline: Option<Day>,
    end: &'static str,
    /// How many rounds were taken, in the order of their links.
    rounds: usize,
}

fn by(day: Option<Day>, today: Day) -> bool {
    day.is_some_and(|day| day <= today)
}

impl Survey {
    /// Promoters less detractors, and all who answered.
    fn balance(&self) -> (i64, i64) {
        let mut balance = 0;
        for score in &self.scores {
            if *score >= 9 {
                balance += 1;
            }
            if *score <= 6 {
                balance -= 1;
            }
        }
        (balance, self.scores.len() as i64)
    }

    fn passes(&self) -> bool {
        let (balance, all) = self.balance();
        100 * balance >= NPS * all
    }

    fn complete(&self) -> bool {
        self.scores.len() >= RESPONSES
    }

    fn decided(&self, today: Day) -> Option<&'static str> {
        let (value, on) = self.decision?;
        on.is_none_or(|on| on <= today).then_some(value)
    }
}

impl Participant<'_> {
    fn count(&self, today: Day) -> i64 {
        let mut latest: Option<(Day, i64)> = None;
        for (on, count) in &self.on_record.counts {
            if *on <= today && latest.is_none_or(|(before, _)| before < *on) {
                latest = Some((*on, *count));
            }
        }
        latest.map_or(self.before_first, |(_, count)| count)
    }

    fn criteria(&self) -> bool {
        let History {
            in_house,
            auth,
            channels,
            answers_within,
            ..
        } = self.on_record;
        let support = channels.contains(&"ticket") || channels.contains(&"phone");
        *in_house && *auth == "oauth2" && support && *answers_within <= 24
    }

    /// 40 held on some day of the listing period that is not after today.
    fn graduated(&self, today: Day) -> bool {
        let Some(published) = self.on_record.published.filter(|day| *day <= today) else {
            return false;
        };
        let mut day = published;
        while day <= today && day <= published + LISTING_DAYS {
            if self.count(day) >= TO_GRADUATE {
                return true;
            }
            day += 1;
        }
        false
    }

    fn accepted_into_beta(&self, today: Day) -> bool {
        let accepted = self.on_record.accepted.filter(|day| *day <= today);
        accepted.is_some_and(|accepted| self.count(accepted) < TO_ENTER)
    }

    /// The surveys whose link is out, by its day.
    fn surveys(&self, today: Day) -> Vec<&Survey> {
        let rounds = self.on_record.rounds.iter();
        let mut begun: Vec<&Survey> = rounds.filter(|round| by(round.link, today)).collect();
        begun.sort_by_key(|round| round.link);
        begun
    }

    /// The next move of a day, if there is one.
    fn next(&self, place: &Place, today: Day) -> Option<Place> {
        let on_record = self.on_record;
        let to = |stage: &'static str| {
            Some(Place {
                stage,
                deadline: None,
                end: "none",
                rounds: place.rounds,
            })
        };
        let ends = |stage: &'static str, end: &'static str| {
            let mut next = to(stage)?;
            next.end = end;
            Some(next)
        };
        let until = |stage: &'static str, deadline: Day| {
            let mut next = to(stage)?;
            next.deadline = Some(deadline);
            Some(next)
        };
        let stage = place.stage;
        if ["inadmissible", "removed", "terminated", "declined"].contains(&stage) {
            return None;
        }
        if by(on_record.terminated, today) {
            return ends("terminated", "hubspot_decision");
        }
        let late = place.deadline.is_some_and(|deadline| today > deadline);
        if stage == "beta_site_page" && late {
            return ends("removed", "site_page_missed");
        }
        if stage == "beta_listed" && late && !self.graduated(today) {
            return ends("terminated", "installs_missed");
        }
        let applies = by(on_record.certification, today);
        let has_50 = self.count(today) >= TO_ENTER;
        let surveys = self.surveys(today);
        let taken = place.rounds.checked_sub(1).map(|at| surveys[at]);
        match stage {
            "not_applied" if by(on_record.applied, today) => {
                if self.criteria() && self.count(today) >= TO_APPLY {
                    to("under_consideration")
                } else {
                    to("inadmissible")
                }
            }
            "under_consideration" => {
                let rejected = on_record.application.is_some_and(|(value, on)| {
                    value == "rejected" && on.is_none_or(|on| on <= today)
                });
                if self.accepted_into_beta(today) {
                    until("beta_site_page", on_record.accepted? + SITE_PAGE_DAYS)
                } else if by(on_record.accepted, today)
                    && applies
                    && (has_50 || self.graduated(today))
                {
                    to("certification_link")
                } else if rejected {
                    to("declined")
                } else {
                    None
                }
            }
            "beta_site_page" if by(on_record.supplied, today) && on_record.meets_packet => {
                to("beta_page_approval")
            }
            "beta_page_approval" if by(on_record.approved, today) => to("beta_waiting_publication"),
            "beta_waiting_publication" if by(on_record.published, today) => {
                until("beta_listed", on_record.published? + LISTING_DAYS)
            }
            "beta_site_page" | "beta_page_approval" | "beta_waiting_publication"
                if applies && has_50 =>
            {
                to("certification_link")
            }
            "beta_listed" if applies && (has_50 || self.graduated(today)) => {
                to("certification_link")
            }
            "certification_link" if surveys.len() > place.rounds => {
                let mut next = to("certification_distribution")?;
                next.rounds += 1;
                Some(next)
            }
            "certification_distribution" if by(taken?.sent, today) => {
                to("certification_monitoring")
            }
            "certification_monitoring" if taken?.complete() => to("certification_scoring"),
            "certification_scoring" => match (taken?.passes(), on_record.other_requirements) {
                (true, true) => to("certified"),
                (true, false) => to("awaiting_decision"),
                (false, _) => to("improving"),
            },
            "improving" if by(taken?.improved, today) => to("awaiting_decision"),
            "awaiting_decision" => match taken?.decided(today)? {
                "certify" => to("certified"),
                "resurvey" => to("certification_link"),
                _ => to("declined"),
            },
            _ => None,
        }
    }

    /// The moves up to a day, and where they lead.
    fn moves(&self, last: Day) -> (Vec<(Day, &'static str)>, Place) {
        let mut place = Place {
            stage: "not_applied",
            deadline: None,
            end: "none",
            rounds: 0,
        };
        let mut moves = Vec::new();
        let first = self.on_record.days().into_iter().min().unwrap_or(last);
        let mut today = first.min(last);
        while today <= last {
            let mut entered: Vec<&str> = Vec::new();
            while let Some(next) = self.next(&place, today) {
                // A stage is entered once a round of the day; each survey begins one.
                if next.rounds > place.rounds {
                    entered.clear();
                }
                if entered.contains(&next.stage) {
                    break;
                }
                entered.push(next.stage);
                moves.push((today, next.stage));
                place = next;
            }
            today += 1;
        }
        (moves, place)
    }

    fn certification(&self) -> &'static str {
        let today = self.on_record.as_of;
        if by(self.on_record.terminated, today) {
            return "not_yet";
        }
        let surveys = self.surveys(today);
        // Whoever was certified once is not tested again.
        let certified = surveys.iter().any(|survey| {
            let chosen = survey.passes() || by(survey.improved, today);
            let decided = chosen && survey.decided(today) == Some("certify");
            survey.complete() && (survey.passes() && self.on_record.other_requirements || decided)
        });
        if certified {
            return "certified";
        }
        let Some(latest) = surveys.last() else {
            return "not_yet";
        };
        if !latest.complete() {
            return "not_yet";
        }
        if !latest.passes() && !by(latest.improved, today) {
            return "improve";
        }
        match latest.decided(today) {
            None => "needs_decision",
            Some("certify") => "certified",
            Some(_) => "not_yet",
        }
    }

    /// What is asked, and the moves up to the day.
    pub(super) fn answers(&self) -> Answers {
        let today = self.on_record.as_of;
        let installs = self.on_record.installs.unwrap_or(self.count(today));
        let admissible = self.criteria() && installs >= TO_APPLY;
        let route = if by(self.on_record.accepted, today) {
            if installs < TO_ENTER && self.accepted_into_beta(today) {
                "beta"
            } else {
                "certification"
            }
        } else if !admissible {
            "none"
        } else if installs >= TO_ENTER {
            "certification"
        } else {
            "beta"
        };
        let (moves, place) = self.moves(today);
        let deadline = match place.stage {
            "beta_listed" if self.graduated(today) => None,
            _ => place.deadline,
        };
        let complete = self.surveys(today).into_iter().rfind(|s| s.complete());
        let nps = complete.map_or("none".to_owned(), |survey| {
            let (balance, all) = survey.balance();
            fraction(100 * balance, all)
        });
        let eligible = installs >= TO_ENTER || self.graduated(today);
        let asked = [
            place.stage.to_owned(),
            place.end.to_owned(),
            deadline.map_or("none".to_owned(), written),
            eligible.to_string(),
            route.to_owned(),
            nps,
            self.certification().to_owned(),
            admissible.to_string(),
        ];
        let moves = moves.into_iter();
        let moves = moves.map(|(on, to)| (written(on), to.to_owned()));
        Answers {
            asked,
            moves: Some(moves.collect()),
        }
    }
}

fn fraction(above: i64, below: i64) -> String {
    let (mut a, mut b) = (above.abs(), below);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    format!("{}/{}", above / a.max(1), below / a.max(1))
}
