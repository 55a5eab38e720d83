//! Exceptions, and what has to be found in them.

use super::*;

pub(super) struct Excepted {
    pub(super) name: usize,
    pub(super) guard: Guard,
    pub(super) value: usize,
    pub(super) line: usize,
}

pub(super) fn exceptions_of(random: &mut Random, census: &mut Census) -> Case {
    let world = World::new(random, census);
    let mut probe = Probe::new();
    let mut text = world.text.clone();
    let inside = random.chance(35);
    let mut place = Guard::default();
    if inside {
        census.count("exception to a case");
        let condition = world.condition(random, census, 1);
        let (dates, day) = world.dates(random, census);
        let _ = writeln!(
            text,
            "decision base: Kind\n  x when {condition}{dates}\n  y otherwise"
        );
        place = probe.guard([Some(condition), day].into_iter().flatten());
    } else {
        census.count("exception to a value");
        text.push_str("value base: int = 7\n");
    }
    let mut all: Vec<Excepted> = Vec::new();
    let mut always = Vec::new();
    for name in 0..2 + random.below(2) as usize {
        let condition = world.condition(random, census, 1);
        let (dates, day) = world.dates(random, census);
        let value = if inside {
            (*random.pick(&["y", "z"])).to_owned()
        } else if random.chance(60) {
            random.within(1, 2).to_string()
        } else {
            census.count("exception with a computed value");
            world.number(random, census).replace(" / 2", "")
        };
        let target = if inside { "base.x" } else { "base" };
        let _ = writeln!(
            text,
            "exception x{name} to {target}{dates} when {condition}"
        );
        let line = lines(&text);
        let _ = writeln!(text, "  use {value}");
        always.push((probe.guard([condition.clone()]), line));
        all.push(Excepted {
            name,
            guard: probe.guard([Some(condition), day].into_iter().flatten()),
            value: probe.ask(if inside { "Kind" } else { "int" }, &value),
            line,
        });
    }
    let mut ranked = None;
    if random.chance(40) {
        census.count("ranked exceptions");
        ranked = Some((0, 1));
        text.push_str("x0 prevails over x1 because \"it is so\"\n");
    }
    text.push_str("decision answer = base\n");
    probe.run(&world);
    let mut expected = Found::new();
    let clash = |a: &Excepted, b: &Excepted| {
        probe.ever(|point| {
            probe.holds(point, &a.guard)
                && probe.holds(point, &b.guard)
                && point[a.value] != point[b.value]
        })
    };
    for (at, a) in all.iter().enumerate() {
        for b in &all[at + 1..] {
            if ranked != Some((a.name, b.name)) && clash(a, b) {
                expected.insert(("P0604", vec![a.line, b.line]));
            }
        }
        let stronger = all
            .iter()
            .filter(|other| ranked == Some((other.name, a.name)));
        let stronger: Vec<_> = stronger.map(|other| &other.guard).collect();
        let counts = |point: &[Outcome]| {
            probe.holds(point, &place)
                && probe.holds(point, &a.guard)
                && stronger.iter().all(|guard| probe.passed(point, guard))
        };
        if !probe.ever(counts) {
            expected.insert(("P0614", vec![a.line]));
        }
    }
    for (guard, line) in always {
        if !probe.ever(|point| probe.truth(point, &guard) != Truth::Yes) {
            expected.insert(("P0611", vec![line]));
        }
    }
    Case {
        text,
        expected,
        kind: "exceptions",
    }
}
