//! Ties.

use super::*;

#[test]
fn a_tie_is_told_unless_it_is_decided_in_writing() {
    let text = "program t \"T\" version 1\nscale Size { small < big }\nrecord Item\n  id: int\n  on: date\n  size: Size\n  score: int\nfact items: list of Item\n\
        define l = latest of items by .on\ndefine e = earliest of items by .on\n\
        define ls = latest of items by .on then by .size\ndefine es = earliest of items by .on then by .size\n\
        define sl = latest of items by .score\ndefine in_loop = for each i in items where (latest of items by .on then by .score) is not none give i.id\n\
        decision latest: int = if l is none then 0 else l.id\ndecision earliest: int = if e is none then 0 else e.id\n\
        decision latest_big: int = if ls is none then 0 else ls.id\ndecision earliest_small: int = if es is none then 0 else es.id\n\
        decision by_score: int = if sl is none then 0 else sl.id\ndecision looped: int = count of in_loop\n";
    let program = Files::one(text).program("t.pol");
    let names = [
        "latest",
        "earliest",
        "latest_big",
        "earliest_small",
        "by_score",
    ];
    let mut census = Census::default();
    for case in 0..cases(10_000, 300) {
        let mut random = Random::of_case("ties", case);
        let items: Vec<(i64, i64, i64, i64)> = (0..random.below(5))
            .map(|at| {
                (
                    at as i64 + 1,
                    random.within(1, 3),
                    random.within(0, 1),
                    random.within(1, 4),
                )
            })
            .collect();
        let written: Vec<Json> = items
            .iter()
            .map(|(id, on, size, score)| {
                let size = ["small", "big"][*size as usize];
                json!({ "id": id, "on": format!("2027-01-0{on}"), "size": size, "score": score })
            })
            .collect();
        let facts =
            Facts::from_json(program.ir(), &json!({ "items": written }).to_string()).unwrap();
        for name in names {
            let key = |item: &(i64, i64, i64, i64)| match name {
                "latest" | "earliest" => (item.1, 0),
                "by_score" => (item.3, 0),
                _ => (item.1, item.2),
            };
            let largest = !name.starts_with("earliest");
            let extreme = items.iter().map(key);
            let extreme = if largest {
                extreme.max()
            } else {
                extreme.min()
            };
            let tied: Vec<_> = items
                .iter()
                .filter(|item| Some(key(item)) == extreme)
                .collect();
            let taken = if largest { tied.last() } else { tied.first() };
            let only = [name.to_owned()];
            let on = day("2027-06-01");
            let result = program
                .evaluate(&facts, on, &Options::default())
                .report(Some(&only))
                .json();
            let wanted = taken.map_or(0, |item| item.0);
            let got = &result["decisions"][name]["value"];
            assert_eq!(got, &json!(wanted), "{name} of {written:?}");
            let notes = result["notes"].as_array().unwrap();
            assert_eq!(
                !notes.is_empty(),
                tied.len() > 1,
                "{name} of {written:?}: {notes:?}"
            );
            census.count(if tied.len() > 1 {
                format!("{name} tied")
            } else {
                format!("{name} alone")
            });
        }
    }
    for name in names {
        census.expect(&[&format!("{name} tied"), &format!("{name} alone")], 500);
    }
}
