//! What would change.

use expect_test::{Expect, expect};

use super::{super::*, code, workbook::Workbook};

fn known(user: &str) -> Option<Contact> {
    let name = |name: &str| Contact { name: name.to_owned(), ..Contact::default() };
    match user {
        "u1" => Some(Contact { team: "support".to_owned(), ours: true, ..name("Anna") }),
        "007" => Some(name("Bond")),
        _ => None,
    }
}

fn told(plan: &Plan) -> String {
    let value = |value: &Option<Value>| serde_json::to_string(value).unwrap();
    let mut lines = Vec::new();
    for PlannedRow { line, user, outcome } in &plan.rows {
        let more = match outcome {
            Outcome::New { changes } | Outcome::Changed { changes } => {
                let told = |Change { field, before, after }: &Change| {
                    format!(" {} {}>{}", field.code(), value(before), value(after))
                };
                changes.iter().map(told).collect()
            }
            Outcome::Unchanged => String::new(),
            Outcome::Refused { why } => format!(" {}: {why}", code(why)),
        };
        lines.push(format!("{line} {user:?} {}{more}", code(outcome)));
    }
    let Counts { new, changed, unchanged, refused } = plan.counts;
    lines.push(format!("{new} new, {changed} changed, {unchanged} unchanged, {refused} refused"));
    lines.extend(
        plan.edits.iter().map(|Edit { user, field, value: to }| format!("{user} {} {}", field.code(), value(to))),
    );
    lines.join("\n")
}

fn planned(bytes: &[u8]) -> Plan {
    let table = read(bytes).unwrap();
    plan(&table, &Mapping::guess(&table.header), &known)
}

fn check(text: &str, want: Expect) {
    want.assert_eq(&told(&planned(text.as_bytes())));
}

#[test]
fn rows_are_new_changed_or_unchanged() {
    check(
        "用户ID,姓名,团队,我方\n u2 ,　李四\t,销售,是\nu1,Anna,,\nu1,,billing,否\nu3,,,\n'007,Bond,,no\nu4,,,no\n",
        expect![[r#"
            2 "u2" new name null>"李四" team null>"销售" ours null>true
            3 "u1" unchanged
            4 "u1" changed team "support">"billing" ours true>null
            5 "u3" unchanged
            6 "007" unchanged
            7 "u4" unchanged
            1 new, 1 changed, 4 unchanged, 0 refused
            u2 name "李四"
            u2 team "销售"
            u2 ours true
            u1 team "billing"
            u1 ours null"#]],
    );
}

#[test]
fn rows_that_cannot_be_trusted_are_refused() {
    check(
        "user,name,ours,phone,same_as\n,Nobody\n1.23E+15,Eva\n'1.23E+15,Eva\n219E01,Ute,,8.61E+12\nu5,Tom,perhaps\nu6,#N/A\n\
             u7,a,,,u7\nu8,a,,,1.2E+18\nu9,Smith, John,,,\nua,a,b,c,d,e\n\
             uc,A\nuc,B\nuc,,yes\nud,D\nud,D\nud,,,110\n",
        expect![[r#"
            2 "" refused no_id: There is no user id.
            3 "1.23E+15" refused rounded: user is 1.23E+15, a number whose digits a spreadsheet may have changed. Format the column as text and enter it again.
            4 "1.23E+15" new name null>"Eva"
            5 "219E01" refused rounded: phone is 8.61E+12, a number whose digits a spreadsheet may have changed. Format the column as text and enter it again.
            6 "u5" refused ours_unclear: "perhaps" does not say whether the user is one of us; yes and no do.
            7 "u6" refused formula_failed: name is the error #N/A of a spreadsheet.
            8 "u7" refused same_as_itself: The user id is said to be the same person as itself.
            9 "u8" refused rounded: same_as is 1.2E+18, a number whose digits a spreadsheet may have changed. Format the column as text and enter it again.
            10 "u9" refused ours_unclear: "John" does not say whether the user is one of us; yes and no do.
            11 "ua" refused shifted: The row has 6 cells under 5 headings; a value with a separator in it needs quotation marks.
            12 "uc" refused contradicted: Line 13 has another name for this user id.
            13 "uc" refused contradicted: Line 12 has another name for this user id.
            14 "uc" refused contradicted: Line 12 has another name for this user id.
            15 "ud" new name null>"D"
            16 "ud" unchanged
            17 "ud" changed phone null>"110"
            2 new, 1 changed, 1 unchanged, 12 refused
            1.23E+15 name "Eva"
            ud name "D"
            ud phone "110""#]],
    );
}

#[test]
fn ids_and_values_have_a_longest() {
    let told = |user: usize, name: &str| {
        let text = format!("user,name\n{},{name}\n", "张".repeat(user));
        match &planned(text.as_bytes()).rows[0].outcome {
            Outcome::Refused { why } => why.to_string(),
            outcome => code(outcome),
        }
    };
    let most = (16 * 1024 - 2) / 2;
    assert_eq!(told(1024, &"é".repeat(most)), "new");
    assert_eq!(told(1025, "é"), "user is longer than 1024 characters.");
    assert_eq!(told(1024, &"é".repeat(most + 1)), "name is larger than 16384 bytes.");
    assert_eq!(told(1, &"\u{1}".repeat(2730)), "new", "each is six bytes where it is kept");
    assert_eq!(told(1, &"\u{1}".repeat(2731)), "name is larger than 16384 bytes.");
}

#[test]
fn cells_of_a_workbook_are_refused_where_digits_matter() {
    let mut workbook = Workbook::default();
    workbook.part("xl/styles.xml", "<styleSheet><cellXfs><xf/><xf numFmtId=\"14\"/></cellXfs></styleSheet>");
    workbook.texts(&["user", "phone", "comment"]);
    for [user, phone, comment] in [
        ["<v>12345678901</v>", "<v>8613800138000</v>", "<v>1.5</v>"],
        ["<v>1.23E+15</v>", "", ""],
        ["<v>1.2345678901234567E+18</v>", "", ""],
        ["<v>9007199254740993</v>", "", ""],
    ] {
        workbook.row(&format!("<c>{user}</c><c>{phone}</c><c>{comment}</c>"));
    }
    workbook.row("<c s=\"1\"><v>45722</v></c>");
    workbook.row("<c t=\"b\"><v>0</v></c>");
    workbook.row("<c t=\"e\"><v>#REF!</v></c>");
    workbook.row("<c t=\"str\"><v>1.23457E+18</v></c>");
    workbook.row("<c t=\"str\"><v>u1</v></c><c/><c s=\"1\"><v>45722</v></c><c t=\"str\"><v>beside the table</v></c>");
    expect![[r##"
        2 "12345678901" new phone null>"8613800138000" comment null>"1.5"
        3 "1230000000000000" refused rounded: user is 1230000000000000, a number whose digits a spreadsheet may have changed. Format the column as text and enter it again.
        4 "1234567890123456800" refused rounded: user is 1234567890123456800, a number whose digits a spreadsheet may have changed. Format the column as text and enter it again.
        5 "9007199254740992" refused rounded: user is 9007199254740992, a number whose digits a spreadsheet may have changed. Format the column as text and enter it again.
        6 "2025-03-06" refused converted: user is 2025-03-06, which a spreadsheet took for a date. Format the column as text and enter it again.
        7 "false" refused converted: user is false, which a spreadsheet took for a truth value. Format the column as text and enter it again.
        8 "#REF!" refused formula_failed: user is the error #REF! of a spreadsheet.
        9 "1.23457E+18" refused rounded: user is 1.23457E+18, a number whose digits a spreadsheet may have changed. Format the column as text and enter it again.
        10 "u1" changed comment null>"2025-03-06"
        1 new, 1 changed, 0 unchanged, 7 refused
        12345678901 phone "8613800138000"
        12345678901 comment "1.5"
        u1 comment "2025-03-06""##]].assert_eq(&told(&planned(&workbook.packed())));
}

#[test]
fn our_own_export_changes_nothing() {
    let contact = |user: &str| {
        let same_as = if user == "=1+1" { "u1" } else { "" };
        let text = |text: &str| text.to_owned();
        Some(Contact {
            name: text("'tis, \"me\""),
            team: text("10-12"),
            ours: user == "u1",
            phone: text("+86 138 0013 8000"),
            email: String::new(),
            comment: text("two\nlines; 1.23E+15"),
            same_as: text(same_as),
        })
    };
    let users = ["u1", "=1+1", "1.23E+15", "1234567890123456789", "007", "'", "张三"];
    for headings in [
        "user,name,team,ours,phone,email,comment,same_as,calls",
        "User,Name,Team,One of us,Phone,E-mail,Comment,Same as,Calls",
        "用户,姓名,团队,我方,电话,邮箱,备注,同一人,通话数",
    ] {
        for is_guarded in [true, false] {
            let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
            csv.write_record(headings.split(',')).unwrap();
            // The profile for programs has no mark that tells an id from a number that was shortened, nor `'` from its guard.
            for user in users.iter().filter(|user| is_guarded || !matches!(**user, "1.23E+15" | "'")) {
                let Contact { name, team, ours, phone, email, comment, same_as } = contact(user).unwrap();
                let ours = if ours { "yes" } else { "" };
                let cells = [user, &*name, &team, ours, &phone, &email, &comment, &same_as, "7"];
                let guarded = |cell: &str| crate::export::guard::guard(cell).into_owned();
                csv.write_record(cells.map(|cell| if is_guarded { guarded(cell) } else { cell.to_owned() })).unwrap();
            }
            let table = read(&csv.into_inner().unwrap()).unwrap();
            let plan = plan(&table, &Mapping::guess(&table.header), &contact);
            assert_eq!(
                (&plan.edits[..], plan.counts.refused),
                (&[][..], 0),
                "{headings} {is_guarded}: {}",
                told(&plan)
            );
        }
    }
}
