//! Scripts and what they are read as, written out in one line each.

use std::fmt::Write;

use super::parse;
use crate::ir::Piece;
use crate::ir::script::{BlockId, Expr, ExprId, Role, Script, Statement, StatementKind, Word};
use crate::text::{Excerpt, SourceId};

fn read(text: &str) -> Script {
    parse(&Excerpt::whole(SourceId(0), text))
}

/// A script written out.
fn shown(text: &str) -> String {
    let script = read(text);
    let mut out = block(&script, script.body);
    if !script.broken.is_empty() {
        let lost: Vec<_> = script.broken.iter().map(|span| &text[span.start as usize..span.end as usize]).collect();
        write!(out, " LOST {lost:?}").unwrap();
    }
    out
}

fn block(script: &Script, id: BlockId) -> String {
    let statements: Vec<String> = script.block(id).iter().map(|one| statement(script, one)).collect();
    statements.join("; ")
}

fn statement(script: &Script, statement: &Statement) -> String {
    match &statement.kind {
        StatementKind::Assign(assign) => {
            let sign = if assign.append { "+=" } else { "=" };
            format!("{} {sign} {}", expr(script, assign.target), expr(script, assign.value))
        }
        StatementKind::Command(command) => {
            let words: Vec<String> = command.words.iter().map(|one| word(script, one)).collect();
            format!("<{}>", words.join(" "))
        }
        StatementKind::Expression(value) => expr(script, *value),
        StatementKind::Function { name, parameters, body } => {
            let names: Vec<&str> = parameters.iter().map(|parameter| &*parameter.name).collect();
            format!("function {name}({}) {{{}}}", names.join(","), block(script, *body))
        }
        StatementKind::Parameters(parameters) => {
            let names: Vec<String> = parameters
                .iter()
                .map(|parameter| match parameter.default {
                    Some(default) => format!("{}={}", parameter.name, expr(script, default)),
                    None => parameter.name.to_string(),
                })
                .collect();
            format!("param({})", names.join(","))
        }
        StatementKind::If { branches, otherwise } => {
            let mut out = String::new();
            for (condition, body) in branches {
                write!(out, "if({}){{{}}}", block(script, *condition), block(script, *body)).unwrap();
            }
            if let Some(body) = otherwise {
                write!(out, "else{{{}}}", block(script, *body)).unwrap();
            }
            out
        }
        StatementKind::Case { subject, arms } => {
            let arms: Vec<String> = arms
                .iter()
                .map(|arm| {
                    let patterns: Vec<String> = arm.patterns.iter().map(|one| expr(script, *one)).collect();
                    format!("{}:{{{}}}", patterns.join("|"), block(script, arm.body))
                })
                .collect();
            format!("switch({}){}", expr(script, *subject), arms.join(""))
        }
        StatementKind::For { variable, items, body, .. } => {
            format!("foreach({variable} in {}){{{}}}", expr(script, *items), block(script, *body))
        }
        StatementKind::While { condition, until, body } => {
            format!(
                "{}({}){{{}}}",
                if *until { "until" } else { "while" },
                block(script, *condition),
                block(script, *body)
            )
        }
        StatementKind::Pipeline(blocks) => blocks.iter().map(|one| block(script, *one)).collect::<Vec<_>>().join(" | "),
        StatementKind::Chain { first, rest } => {
            let mut out = block(script, *first);
            for (link, next) in rest {
                write!(out, " {link:?} {}", block(script, *next)).unwrap();
            }
            out
        }
        StatementKind::Group(body) => format!("group{{{}}}", block(script, *body)),
        StatementKind::Subshell(body) => format!("scope{{{}}}", block(script, *body)),
        StatementKind::Background(body) => format!("{} &", block(script, *body)),
        StatementKind::Try { body, handlers, finally } => {
            let handlers: Vec<String> =
                handlers.iter().map(|one| format!("catch{{{}}}", block(script, *one))).collect();
            let handlers = handlers.concat();
            let last = finally.map(|one| format!("finally{{{}}}", block(script, one))).unwrap_or_default();
            format!("try{{{}}}{handlers}{last}", block(script, *body))
        }
        StatementKind::Return(value) => format!("return {}", value.map(|id| expr(script, id)).unwrap_or_default()),
        StatementKind::Not(body) => format!("not {}", block(script, *body)),
        other => format!("{other:?}"),
    }
}

fn word(script: &Script, word: &Word) -> String {
    let parts: String = word.parts.iter().map(|part| expr(script, part.value)).collect();
    match &word.role {
        Role::Plain => parts,
        Role::Option { name, attached } => format!("-{name}{}", if *attached { ":" } else { "" }),
        Role::Splat => format!("@{parts}"),
    }
}

fn list(script: &Script, ids: &[ExprId]) -> String {
    ids.iter().map(|id| expr(script, *id)).collect::<Vec<_>>().join(", ")
}

fn expr(script: &Script, id: ExprId) -> String {
    match script.expr(id) {
        Expr::Null => "null".into(),
        Expr::Bool(truth) => truth.to_string(),
        Expr::Int(number) => number.to_string(),
        Expr::Float(number) => format!("{number:?}"),
        Expr::Text(pieces) => {
            let pieces: String = pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Literal(text, _) => text.to_string(),
                    Piece::Hole(hole) => format!("{{{}}}", expr(script, *hole)),
                })
                .collect();
            format!("'{pieces}'")
        }
        Expr::List(items) => format!("[{}]", list(script, items)),
        Expr::Listed(inner) => format!("@[{}]", expr(script, *inner)),
        Expr::Map { entries, cast } => {
            let entries: Vec<String> = entries
                .iter()
                .map(|entry| format!("{}: {}", expr(script, entry.key), expr(script, entry.value)))
                .collect();
            format!("{}{{{}}}", cast.as_deref().unwrap_or_default(), entries.join(", "))
        }
        Expr::Var(name) => format!("${name}"),
        Expr::Get { base, key } => format!("{}.{}", expr(script, *base), expr(script, *key)),
        Expr::Call { function, args } => format!("{function}({})", list(script, args)),
        Expr::Method { base, name, args } => format!("{}.{name}({})", expr(script, *base), list(script, args)),
        Expr::Run { block: id, .. } => format!("run{{{}}}", block(script, *id)),
        Expr::Lambda(id) => format!("lambda{{{}}}", block(script, *id)),
        other => format!("{other:?}"),
    }
}

/// Text, and what it is read as.
const READINGS: &[(&str, &str)] = &[
    // Values.
    ("$x = 1", "$x = 1"),
    ("$X += 'a''b'", "$X += 'a'b'"),
    ("[int]$x = '1'", "$x = cast('int', '1')"),
    ("$a, $b = 1, 2", "[$a, $b] = [1, 2]"),
    ("$x = 10GB", "$x = 10737418240"),
    ("$x = 0x1F", "$x = 31"),
    ("$x = 1.5", "$x = 1.5"),
    ("$x = -1", "$x = -1"),
    ("$x = $null", "$x = null"),
    ("$x = $TRUE", "$x = true"),
    ("$x = ,1", "$x = [1]"),
    ("$x = @()", "$x = @[null]"),
    ("$x = @(1, 2)", "$x = @[[1, 2]]"),
    ("$x = @(\n  $a\n  $b\n)", "$x = @[run{$a; $b}]"),
    ("$x = @(\n  @{ a = 1 },\n  @{ a = 2 }\n)", "$x = @[[{'a': 1}, {'a': 2}]]"),
    ("$x = 1..3", "$x = sequence(1, 3)"),
    ("$x = \u{201c}a\u{201d}", "$x = 'a'"),
    // Hashtables.
    ("$x = @{}", "$x = {}"),
    ("$x = @{ a = 1; b = 2 }", "$x = {'a': 1, 'b': 2}"),
    ("$x = @{\n  'a b' = 1 # one\n  $k = 2\n\n  c = @{ d = 'e' }\n}", "$x = {'a b': 1, $k: 2, 'c': {'d': 'e'}}"),
    ("$x = [ordered]@{ a = 1 }", "$x = ordered{'a': 1}"),
    ("$x = [PSCustomObject] @{ a = 1 }", "$x = pscustomobject{'a': 1}"),
    ("@{ a = Standard_LRS; b = 1 }", "{'a': run{<'Standard_LRS'>}, 'b': 1}"),
    ("@{ a = if ($b) { 1 } else { 2 } }", "{'a': run{if($b){1}else{2}}}"),
    ("@{ $r1 }", "braced($r1)"),
    ("@{\n @{ a = 1 },\n @{ a = 2 }\n}", "braced({'a': 1}, {'a': 2})"),
    ("@{ a = 1 b = 2 }", "{'a': 1, 'b': 2}"),
    ("@{ a = (Get-X).Id }", "{'a': run{<'Get-X'>}.'Id'}"),
    // Strings.
    ("\"a $b.c ${d e} $($f.Id)\"", "'a {$b}.c {$d e} {$f.'Id'}'"),
    ("\"$env:X/`$y`n\"", "'{$env:X}/$y\n'"),
    ("\"say \"\"it\"\" for $1\"", "'say \"it\" for {$1}'"),
    ("$x = @\"\na $b\n\"c\"\n\"@", "$x = 'a {$b}\n\"c\"'"),
    ("$x = @'\na $b\n'@", "$x = 'a $b'"),
    ("'a{0}b' -f $x", "format('a{0}b', $x)"),
    ("'{0}{1}' -f $x, 'y'", "format('{0}{1}', [$x, 'y'])"),
    ("$a -join ','", "join($a, ',')"),
    ("-join $a", "join($a)"),
    ("'a' + $b + 1 * 2", "add(add('a', $b), mul(1, 2))"),
    // Conditions.
    ("-not $a -and $b -eq 'x'", "and(not($a), equals($b, 'x'))"),
    ("!$a", "not($a)"),
    ("$a -ceq $b", "equals($a, $b)"),
    ("$a ? 1 : 2", "if($a, 1, 2)"),
    ("$a ?? 'b'", "coalesce($a, 'b')"),
    // Members.
    ("$x.Id", "$x.'Id'"),
    ("$x['k'] = 1", "$x.'k' = 1"),
    ("$x.a.b = 1", "$x.'a'.'b' = 1"),
    ("$x[0].Id", "$x.0.'Id'"),
    ("$x.Add(@{ a = 1 })", "$x.Add({'a': 1})"),
    ("[guid]::NewGuid()", "type('guid').NewGuid()"),
    ("[Ns.Kind]::Value", "type('Ns.Kind').'Value'"),
    ("(Get-X -Name a).Id", "run{<'Get-X' -Name 'a'>}.'Id'"),
    ("$x = Get-X | Select-Object -First 1", "$x = run{<'Get-X'> | <'Select-Object' -First 1>}"),
    // Commands.
    ("Get-X a 'b c' $d $e.Id", "<'Get-X' 'a' 'b c' $d $e.'Id'>"),
    ("Get-X -Name 1.0.0 -Count 2 -Force:$true", "<'Get-X' -Name '1.0.0' -Count 2 -Force: true>"),
    ("Get-X -Name `\n  a `\n  -B c", "<'Get-X' -Name 'a' -B 'c'>"),
    ("Get-X @p -Y 1", "<'Get-X' @$p -Y 1>"),
    ("Get-X a,b, 'c'", "<'Get-X' ['a', 'b', 'c']>"),
    ("Get-X /s/$sub/r/${rg}x", "<'Get-X' '/s/{$sub}/r/{$rg}x'>"),
    ("Get-X $rg-name", "<'Get-X' '{$rg}-name'>"),
    ("Get-X -A @{ b = 1 } # why", "<'Get-X' -A {'b': 1}>"),
    ("Get-X <# a #> b", "<'Get-X' 'b'>"),
    ("Get-X -A <name of it> -B c", "<'Get-X' -A '<name of it>' -B 'c'>"),
    ("$x = <ID of it>", "$x = '<ID of it>'"),
    ("Get-X https://<account>.blob.net/", "<'Get-X' 'https://<account>.blob.net/'>"),
    ("Get-X > out.txt 2>&1", "<'Get-X'>"),
    ("$x | New-Y -A b", "$x | <'New-Y' -A 'b'>"),
    ("Get-X |\n  New-Y\n  | New-Z", "<'Get-X'> | <'New-Y'> | <'New-Z'>"),
    ("if (-not $there?) { a \"$x?.y\" ${x}?.y }", "if(not($there?)){<'a' '{$x?}.y' $x.'y'>}"),
    ("$x | ForEach-Object { $_.Id }", "$x | <'ForEach-Object' lambda{$_.'Id'}>"),
    ("& 'C:/x.ps1' -A b", "<'C:/x.ps1' -A 'b'>"),
    ("& $cmd b", "<$cmd 'b'>"),
    (". ./lib.ps1", "<'.' './lib.ps1'>"),
    ("./run.ps1 a", "<'./run.ps1' 'a'>"),
    ("& { $x = 1 }", "scope{$x = 1}"),
    ("Get-X && Get-Y || Get-Z", "<'Get-X'> And <'Get-Y'> Or <'Get-Z'>"),
    ("Get-X; Get-Y", "<'Get-X'>; <'Get-Y'>"),
    ("Get-X &", "<'Get-X'> &"),
    ("7z a", "<'7z' 'a'>"),
    ("Switch-X a", "<'Switch-X' 'a'>"),
    // `az`: words are text.
    ("az a -g $rg --b=c --d e,0,\"f g\" h", "<'az' 'a' -g $rg '--b=c' '--d' 'e'','0',''f g' 'h'>"),
    ("az a --d \"e,0\" f, g", "<'az' 'a' '--d' 'e,0' 'f'',' 'g'>"),
    ("az a --% -g b,c", "<'az' 'a' '-g' 'b,c'>"),
    // Statements.
    ("if ($a) { Get-X } elseif ($b) { 1 }\nelse\n{ 2 }", "if($a){<'Get-X'>}if($b){1}else{2}"),
    ("foreach ($r in $list) { Get-X $r }", "foreach(r in $list){<'Get-X' $r>}"),
    ("foreach ($i in 1..2) { $i }", "foreach(i in sequence(1, 2)){$i}"),
    ("for ($i = 0; $i -lt 2; $i++) { $i }", "$i = 0; while(less($i, 2)){$i; $i = add($i, 1)}"),
    ("while ($a) { break }", "while($a){Break}"),
    ("do { $a } until ($b)", "until($b){$a}"),
    ("switch ($a) { 0 { 1 } -21 { 2 } }", "switch($a)0:{1}-21:{2}"),
    ("switch ($a) { 'x' { 1 } y { 2 } default { 3 } }", "switch($a)'x':{1}'y':{2}:{3}"),
    ("try { Get-X } catch [E] { 1 } finally { 2 }", "try{<'Get-X'>}catch{1}finally{2}"),
    ("function F($a, [int]$b = 2) { $a }", "function F(a,b) {$a}"),
    ("function F {\n  [CmdletBinding()]\n  param([string]$a)\n  return $a\n}", "function F(a) {return $a}"),
    ("[CmdletBinding()]\nparam(\n [Parameter(Mandatory)] [string] $a,\n [int] $b = 3\n)", "param(a,b=3)"),
    ("$x = if ($a) { 1 } else { 2 }", "$x = run{if($a){1}else{2}}"),
    ("exit 1", "Exit"),
    ("$i++", "$i = add($i, 1)"),
    ("$i -= 2", "$i = sub($i, 2)"),
    // Damage stays in its line.
    ("$x = )\n$y = 1", "$x = Broken; $y = 1 LOST [\")\"]"),
    ("$x = 'a\n$y = 1", "$x = 'a'; $y = 1 LOST [\"'a\"]"),
    ("$x = @{ a = 1\nGet-X", "$x = {'a': 1} LOST [\"Get-X\", \"{\"]"),
    ("} $y = 1", "$y = 1 LOST [\"}\"]"),
];

#[test]
fn scripts_are_read_as_powershell_reads_them() {
    let wrong: Vec<String> = READINGS
        .iter()
        .filter_map(|(text, expected)| {
            let shown = shown(text);
            (shown != *expected).then(|| format!("{text}\n  is      {shown}\n  must be {expected}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every literal of a script as `text@start..end`.
fn literals(text: &str) -> Vec<(String, String)> {
    let script = read(text);
    let mut all = Vec::new();
    for node in &script.exprs {
        let Expr::Text(pieces) = &node.expr else { continue };
        for piece in pieces {
            let Piece::Literal(decoded, span) = piece else { continue };
            all.push((decoded.to_string(), text[span.start as usize..span.end as usize].to_owned()));
        }
    }
    all
}

#[test]
fn a_piece_is_its_bytes_or_indivisible() {
    let text = "$a = 'x''y' + \"p`tq$z\" + @'\nhere\n'@\nGet-X /a/$b/c -N \u{2018}o\u{2019}";
    let all = literals(text);
    let decoded: Vec<&str> = all.iter().map(|(decoded, _)| decoded.as_str()).collect();
    assert_eq!(decoded, ["x", "'", "y", "p", "\t", "q", "here", "Get-X", "/a/", "/c", "N", "o"]);
    for (decoded, written) in all {
        let indivisible = decoded.len() != written.len();
        assert!(indivisible || decoded == written, "{decoded:?} {written:?}");
    }
}

#[test]
fn a_run_knows_its_text_with_the_variables_as_holes() {
    let script = read("$d = Get-X -Name $n `\n  -Group \"$g\"");
    let run = script.exprs.iter().find_map(|node| match &node.expr {
        Expr::Run { text, .. } => Some(text),
        _ => None,
    });
    let shown: String = run
        .unwrap()
        .iter()
        .map(|piece| match piece {
            Piece::Literal(text, _) => text.to_string(),
            Piece::Hole(hole) => expr(&script, *hole),
        })
        .collect();
    assert_eq!(shown, "Get-X -Name $n `\n  -Group \"$g\"");
}

/// A script with a bit of everything.
const SAMPLE: &str = "param([string]$rg = 'a')\n$west = \"/subscriptions/$($sub.Id)/x\" # note\n$h = [ordered]@{ Name = 'W'; \
    E = @{ Lun = 0 } }\n$h.Name += @(1, 2)[0]\nforeach ($r in @('a', \"b\")) { if ($r -eq 'a') { continue } else { $l += $r } }\n\
    $t = @'\nx\n'@\nNew-X -A @(@{ b = 1 }) `\n  -C:$d.Id @p | % { $_ } && az x --y a,0,b > $null\nswitch ($a) { 'b' { 1 } }\n";

#[test]
fn no_cut_of_a_script_is_fatal() {
    for end in (0..=SAMPLE.len()).filter(|end| SAMPLE.is_char_boundary(*end)) {
        shown(&SAMPLE[..end]);
        shown(&SAMPLE[end..]);
    }
}

#[test]
fn hostile_nesting_is_bounded() {
    let opens = [
        "(", "@(", "@{a=", "$(", "{", "\"$(", "[int]", "!", "-", "if(1){", "$a=", "1?", ",", "$a[", "$a.b(", "<", "'",
        "\"", "return ",
    ];
    for open in opens {
        let text = open.repeat(20_000);
        let script = read(&text);
        assert!(script.exprs.len() <= text.len() + 100, "{open}");
    }
}

#[test]
fn a_line_that_lost_its_backtick_adjoins() {
    let script = read("New-X -A b\n  -C d\n\n-E f");
    let adjoining: Vec<bool> = script
        .block(script.body)
        .iter()
        .filter_map(|statement| match &statement.kind {
            StatementKind::Command(command) => Some(command.adjoining),
            _ => None,
        })
        .collect();
    assert_eq!(adjoining, [false, true, false]);
}
