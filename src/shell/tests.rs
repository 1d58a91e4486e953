//! What a script is read as, written out: words in brackets, variables as `$x`, other holes by their text.

use super::parse;
use crate::ir::Piece;
use crate::ir::script::{BlockId, Expr, ExprId, Part, Script, Spread, StatementKind, Word};
use crate::text::{Excerpt, SourceId};

fn read(text: &str) -> Script {
    parse(&Excerpt::whole(SourceId(0), text))
}

fn expression(script: &Script, id: ExprId) -> String {
    match script.expr(id) {
        Expr::Text(pieces) => pieces
            .iter()
            .map(|piece| match piece {
                Piece::Literal(text, _) => text.to_string(),
                Piece::Hole(id) => expression(script, *id),
            })
            .collect(),
        Expr::Joined(parts) => parts.iter().map(|part| expression(script, part.value)).collect(),
        Expr::Words(words) => format!("({})", all_words(script, words)),
        Expr::Var(name) => format!("${name}"),
        Expr::Get { base, key } if matches!(script.expr(*key), Expr::Int(0)) => expression(script, *base),
        Expr::Get { base, key } => format!("{}[{}]", expression(script, *base), expression(script, *key)),
        Expr::Call { function, args } => {
            let args: Vec<String> = args.iter().map(|arg| expression(script, *arg)).collect();
            format!("{function}({})", args.join(", "))
        }
        Expr::Run { block, .. } => format!("run{{{}}}", statements(script, *block)),
        Expr::Opaque(pieces) => {
            let text: Vec<&str> = pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Literal(text, _) => &**text,
                    Piece::Hole(_) => "?",
                })
                .collect();
            format!("opaque{{{}}}", text.concat())
        }
        Expr::Int(number) => number.to_string(),
        Expr::Map { entries, .. } => {
            let entries: Vec<String> = entries
                .iter()
                .map(|entry| format!("{}={}", expression(script, entry.key), expression(script, entry.value)))
                .collect();
            format!("map({})", entries.join(", "))
        }
        other => format!("{other:?}"),
    }
}

fn part(script: &Script, part: &Part) -> String {
    let text = expression(script, part.value);
    match part.spread {
        Spread::One => text,
        Spread::Split => format!("{text}~"),
        Spread::Each => format!("{text}@"),
        Spread::Files => format!("{text}*"),
    }
}

fn all_words(script: &Script, words: &[Word]) -> String {
    let words: Vec<String> = words
        .iter()
        .map(|word| {
            let parts: Vec<String> = word.parts.iter().map(|one| part(script, one)).collect();
            format!("[{}]", parts.concat())
        })
        .collect();
    words.concat()
}

fn statements(script: &Script, block: BlockId) -> String {
    let all: Vec<String> = script.block(block).iter().map(|one| statement(script, &one.kind)).collect();
    all.join("; ")
}

fn statement(script: &Script, kind: &StatementKind) -> String {
    let inner = |block: &BlockId| statements(script, *block);
    match kind {
        StatementKind::Assign(assign) => {
            let sign = if assign.append { "+=" } else { "=" };
            let target = expression(script, assign.target);
            format!("{}{sign}{}", target.trim_start_matches('$'), expression(script, assign.value))
        }
        StatementKind::Command(command) => {
            let input = command.input.map(|input| format!("<{:?}", expression(script, input))).unwrap_or_default();
            format!("{}{input}", all_words(script, &command.words))
        }
        StatementKind::Function { name, body, .. } => format!("function {name} {{{}}}", inner(body)),
        StatementKind::If { branches, otherwise } => {
            let mut text = String::new();
            for (condition, body) in branches {
                text += &format!("if {} then {} ", inner(condition), inner(body));
            }
            if let Some(otherwise) = otherwise {
                text += &format!("else {} ", inner(otherwise));
            }
            text + "fi"
        }
        StatementKind::Case { subject, arms } => {
            let arms: Vec<String> = arms
                .iter()
                .map(|arm| {
                    let patterns: Vec<String> = arm.patterns.iter().map(|id| expression(script, *id)).collect();
                    format!("{}) {}", patterns.join("|"), inner(&arm.body))
                })
                .collect();
            format!("case {} {}", expression(script, *subject), arms.join(";; "))
        }
        StatementKind::For { variable, items, body, .. } => {
            format!("for {variable} in {} do {}", expression(script, *items), inner(body))
        }
        StatementKind::While { condition, body, until } => {
            format!("{} {} do {}", if *until { "until" } else { "while" }, inner(condition), inner(body))
        }
        StatementKind::Pipeline(parts) => parts.iter().map(inner).collect::<Vec<_>>().join(" | "),
        StatementKind::Chain { first, rest } => {
            rest.iter().fold(inner(first), |text, (link, block)| format!("{text} {link:?} {}", inner(block)))
        }
        StatementKind::Not(block) => format!("! {}", inner(block)),
        StatementKind::Group(block) => format!("{{{}}}", inner(block)),
        StatementKind::Subshell(block) => format!("({})", inner(block)),
        StatementKind::Background(block) => format!("{} &", inner(block)),
        StatementKind::Expression(id) => expression(script, *id),
        other => format!("{other:?}"),
    }
}

fn written(text: &str) -> String {
    let script = read(text);
    statements(&script, script.body)
}

#[test]
fn scripts_are_read_as_bash_reads_them() {
    let cases = [
        ("az sig create -g rg", "[az][sig][create][-g][rg]"),
        ("a \\\n  b\\\n  c", "[a][b][c]"),
        ("a westus\\\n--x", "[a][westus--x]"),
        ("a \\ \n--x", "[a][ ]; [--x]"),
        ("a 'b c'\"d $e\"f", "[a][b cd $ef]"),
        ("a $e \"$e\" ${e}x", "[a][$e~][$e][$e~x]"),
        ("a \"\" ''", "[a][][]"),
        ("a \"${x[@]}\" ${x[*]} \"${x[*]}\" \"$@\" $1", "[a][$x@][$x~][$x][$@@][$1~]"),
        (
            "a ${x:-y z} ${x##*/} ${#x} ${x/a/b} ${x^^}",
            "[a][default($x, y z)~][remove-longest-prefix($x, */)~][length($x)~][replace-first($x, a, b)~][upper($x)~]",
        ),
        ("x=1 y=\"a b\" a z", "[a][z]"),
        ("x=1\ny+=2; z[k]=3", "x=1; y+=2; z[k]=3"),
        ("x=(a \"b c\" $d)\nx+=(e)", "x=([a][b c][$d~]); x+=([e])"),
        ("declare -A m=([a]=1 [b]=\"2 3\")", "m=map(a=1, b=2 3); [declare][-A]"),
        ("export X=1", "X=1; [export]"),
        ("a {b,c}d {1..3}", "[a][bd][cd][1][2][3]"),
        ("a {b} ${c}{d,}", "[a][{b}][$c~d][$c~]"),
        ("x=$(az a -n $n | tr b c)", "x=run{[az][a][-n][$n~] | [tr][b][c]}"),
        ("x=`az a`", "x=run{[az][a]}"),
        ("a $[ ($x % 2) + 1 ]s \"$[1]\"", "[a][arithmetic( ($x % 2) + 1 )~s][arithmetic(1)]"),
        ("a $((1 + $x)) $'b\\tc\\'d'", "[a][arithmetic(1 + $x)~][b\tc'd]"),
        ("if a; then b; elif c; then d; else e; fi", "if [a] then [b] if [c] then [d] else [e] fi"),
        ("if [ -z \"$x\" ]\nthen\n b\nfi", "if [[][-z][$x][]] then [b] fi"),
        ("for x in a $b; do c \"$x\"; done", "for x in ([a][$b~]) do [c][$x]"),
        ("for x; do c; done", "for x in ([$@@]) do [c]"),
        ("while read -r x; do a; done < f", "while [read][-r][x] do [a]"),
        ("case $x in a|b) c;; *) d;; esac", "case $x a|b) [c];; ) [d]"),
        ("f() { a \"$1\"; }\nfunction g { b; }\nf x", "function f {{[a][$1]}}; function g {{[b]}}; [f][x]"),
        ("a && b || c | d &", "[a] And [b] Or [c] | [d] &"),
        ("! a; (b; c) >f 2>&1; { d; }", "! [a]; ([b]; [c]); {[d]}"),
        ("a # b\n# c\nd", "[a]; [d]"),
        ("cat <<EOF\na $b\nEOF\nc", "[cat]<\"a $b\\n\"; [c]"),
        ("cat <<-'E' | d\n\ta $b\n\tE\nc", "[cat]<\"a $b\\n\" | [d]; [c]"),
        ("cat <<-E\n\ta $b\n\t\tc\n\tE\nd", "[cat]<\"a $b\\nc\\n\"; [d]"),
        ("a <<< \"b\" c", "[a][c]<\"b\""),
        ("[[ $a =~ b=(.*)(;c|<d>) ]] && e", "[[[][$a][=~][b=(.*)(;c|<d>)][]]] And [e]"),
        ("[[ $a == b* && ! -z $c ]] && d", "[[[][$a][==][b*][&&][!][-z][$c][]]] And [d]"),
        ("a -g <resource group> -n x<id>y > f", "[a][-g][<resource group>][-n][x<id>y]"),
        ("a ${{ github.sha }} \"${{ env.X }}\"", "[a][opaque{${{ github.sha }}}~][opaque{${{ env.X }}}]"),
        ("a ~/x *.sh \"*\"", "[a][opaque{~}/x][*.sh*][*]"),
        ("a\r\nb \\\r\n c\r\n", "[a]; [b][c]"),
        ("exit 1; return; break", "Exit; Return(None); Break"),
        ("a 'b", "Broken"),
        ("a 'b\nc d\n", "Broken; [c][d]"),
        ("fi\na", "Broken; [a]"),
        ("a=b c=\"$(d \"e f\")\" g", "[g]"),
        ("a \"$(b \"$c\" 'd')\"", "[a][run{[b][$c][d]}]"),
        ("a [0].id x=(y)", "Broken"),
        ("for ((i=0;i<3;i++)); do a; done", "while arithmetic(i=0;i<3;i++) do [a]"),
        ("time -p sudo a", "[sudo][a]"),
        ("a ${!x} ${!x[@]} ${x@Q}", "[a][opaque{${!x}}~][keys($x)~][opaque{${x@Q}}~]"),
        ("a <(b) c", "[a][opaque{<(b)}][c]"),
        ("", ""),
    ];
    for (text, expected) in cases {
        assert_eq!(written(text), expected, "{text}");
    }
}

#[test]
fn every_text_piece_has_its_own_bytes() {
    let text = "az x a,0,\"b c\"\\ d\\\n,e --f='g'\n";
    let script = read(text);
    let mut found = Vec::new();
    for node in &script.exprs {
        let Expr::Text(pieces) = &node.expr else { continue };
        for piece in pieces {
            let Piece::Literal(piece, span) = piece else { continue };
            let bytes = &text[span.start as usize..span.end as usize];
            assert!(**piece == *bytes || bytes.len() != piece.len(), "{piece} is written as {bytes}");
            found.push(bytes);
        }
    }
    assert_eq!(found, ["az", "x", "a,0,", "b c", "\\ ", "d", ",e", "--f=", "g"]);
}

#[test]
fn a_command_on_the_next_line_adjoins() {
    let script = read("a\n  --b\n\nc; d\n");
    let adjoining: Vec<bool> = script
        .block(script.body)
        .iter()
        .filter_map(|one| match &one.kind {
            StatementKind::Command(command) => Some(command.adjoining),
            _ => None,
        })
        .collect();
    assert_eq!(adjoining, [false, true, false, false]);
}

#[test]
fn the_text_of_a_substitution_has_holes_for_its_variables() {
    let script = read("x=$(a \"$b\" ${c:-$d} '$e')");
    let text = script.exprs.iter().find_map(|node| match &node.expr {
        Expr::Run { text, .. } => Some(text),
        _ => None,
    });
    let parts: Vec<String> = text
        .into_iter()
        .flatten()
        .map(|piece| match piece {
            Piece::Literal(text, _) => text.to_string(),
            Piece::Hole(id) => format!("<{}>", expression(&script, *id)),
        })
        .collect();
    assert_eq!(parts.concat(), "a \"<$b>\" <default($c, $d)> '$e'");
}

#[test]
fn hostile_scripts_end_soon() {
    let cases = [
        "$(".repeat(50_000),
        "'\n".repeat(50_001),
        "\"$(\n".repeat(20_000),
        "if ".repeat(50_000),
        "((".repeat(50_000),
        "<<X\n".repeat(20_000),
        "${a:-".repeat(20_000),
        "a ${".repeat(20_000),
        "`\\".repeat(20_001),
        "case x in ".repeat(20_000),
        "f() ".repeat(20_000),
    ];
    for text in cases {
        let script = read(&text);
        assert!(!script.broken.is_empty(), "{}", &text[..8]);
    }
}
