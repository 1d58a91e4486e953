//! Variables: what they are, and what sets them.

use crate::eval::make;
use crate::ir::Name;
use crate::ir::script::{Assign, BlockId, Expr, ExprId, Shell, StatementKind};
use crate::text::Span;
use crate::value::{Element, Kind, Literal, Object, StepKind, Value, Why};

use super::expression::put;
use super::text::{named, pieces};
use super::walk::Walker;

impl Walker<'_, '_> {
    /// The name under which a variable is kept.
    pub(super) fn key(&self, name: &str) -> Name {
        match self.script.shell {
            Shell::Bash => name.into(),
            Shell::PowerShell => {
                let lower = name.to_lowercase();
                match lower.split_once(':') {
                    Some(("script" | "global" | "local" | "private" | "using" | "variable", rest)) => rest.into(),
                    _ => lower.into(),
                }
            }
        }
    }

    /// What a variable holds. One that nobody assigned is the environment's: a symbol.
    pub(super) fn variable(&mut self, name: &str, span: Span) -> Value {
        let key = self.key(name);
        if let Some(value) = self.state.variables.get(&key).cloned() {
            return value;
        }
        if let Some(value) = self.positional(name, span) {
            return value;
        }
        if Self::is_fresh(name) {
            return self.unknown(span);
        }
        let origin = self.context.written(span);
        let value = self.symbol_of(&key, name, origin);
        if name == "@" {
            return make::array(self.context, vec![Element::Many(value)], origin);
        }
        value
    }

    /// `$1` out of what the function or script was called with.
    fn positional(&mut self, name: &str, span: Span) -> Option<Value> {
        let index: usize = name.parse().ok().filter(|index| *index > 0)?;
        let all = self.state.variables.get("@")?.clone();
        let elements = all.as_array()?;
        if elements.iter().take(index).any(Element::is_many) {
            let origin = self.context.written(span);
            return Some(named(self.context, &format!("${name}"), origin));
        }
        Some(match elements.get(index - 1) {
            Some(element) => element.value().clone(),
            None => {
                let origin = self.context.written(span);
                make::null(self.context, origin)
            }
        })
    }

    /// The symbol of a variable as it stands since it was last set to something unknown.
    fn symbol_of(&mut self, key: &Name, name: &str, origin: crate::value::OriginId) -> Value {
        let generation = *self.generations.entry(key.clone()).or_insert(0);
        let text = if name.contains(':') { format!("${{{name}}}") } else { format!("${name}") };
        let mut value = named(self.context, &text, origin);
        if generation > 0 {
            let count = self.context.literal(Literal::Int(i64::from(generation)));
            let term = self.context.call("later", [value.term, count]);
            value = make::unknown(term, Why::NoValueGiven, origin);
        }
        value
    }

    /// Sets a variable to something that isn't known: another symbol than before.
    pub(super) fn set_unknown(&mut self, name: &str, span: Span) {
        let key = self.key(name);
        if self.state.variables.contains_key(&key) || self.generations.contains_key(&key) {
            *self.generations.entry(key.clone()).or_insert(0) += 1;
        }
        let origin = self.context.written(span);
        let value = self.symbol_of(&key, name, origin);
        self.state.set(key, value);
    }

    /// Carries out an assignment.
    pub(super) fn assign(&mut self, assign: &Assign) {
        let value = self.value(assign.value);
        let script = self.script;
        if let Expr::List(targets) = script.expr(assign.target) {
            for (at, target) in targets.iter().enumerate() {
                let origin = self.context.written(assign.span);
                let index = make::int(self.context, at as i64, origin);
                let part = if value.as_array().is_some() {
                    self.get(&value, &index, assign.span)
                } else {
                    self.unknown(assign.span)
                };
                self.assign_to(*target, part);
            }
            return;
        }
        if assign.local
            && let Expr::Var(name) = script.expr(assign.target)
        {
            let key = self.key(name);
            let before = self.state.variables.get(&key).cloned();
            if let Some(locals) = self.function_frame() {
                locals.entry(key).or_insert(before);
            }
        }
        let value = if assign.append { self.appended(assign, value) } else { value };
        let value = self.bounded(value, assign.span);
        self.assign_to(assign.target, value);
    }

    /// `x+=value`.
    fn appended(&mut self, assign: &Assign, value: Value) -> Value {
        let script = self.script;
        let before = match script.expr(assign.target) {
            Expr::Var(name) => {
                let key = self.key(name);
                match self.state.variables.get(&key).cloned() {
                    Some(before) => before,
                    None if self.script.shell == Shell::Bash => return value,
                    None => self.variable(name, assign.span),
                }
            }
            _ => self.value(assign.target),
        };
        let span = assign.span.to(script.span(assign.value));
        match (&before.kind, &value.kind) {
            (Kind::Object(old), Kind::Object(new)) => {
                let mut merged = (**old).clone();
                for member in &new.members {
                    put(&mut merged, member.key.clone(), member.value.clone());
                }
                merged.open |= new.open;
                self.object(merged, before.origin)
            }
            (Kind::Array(_), _) | (_, Kind::Array(_)) if self.script.shell == Shell::Bash => {
                let mut elements = Vec::new();
                for side in [&before, &value] {
                    match &side.kind {
                        Kind::Array(own) => elements.extend(own.iter().cloned()),
                        Kind::Null => {}
                        Kind::Unknown { .. } | Kind::Choice(_) => elements.push(Element::Many(side.clone())),
                        _ => elements.push(Element::One(side.clone())),
                    }
                }
                make::array(self.context, elements, value.origin)
            }
            _ if self.script.shell == Shell::Bash => self.concatenated(&[before, value], span),
            _ => self.operate("add", &[before, value], span),
        }
    }

    pub(super) fn object(&mut self, object: Object, origin: crate::value::OriginId) -> Value {
        let mut value = make::object(self.context, object.members.clone(), origin);
        value.kind = Kind::Object(object.into());
        value
    }

    /// Sets what an expression names.
    pub(super) fn assign_to(&mut self, target: ExprId, value: Value) {
        self.assign_deep(target, value, 0);
    }

    fn assign_deep(&mut self, target: ExprId, value: Value, depth: u32) {
        let script = self.script;
        let span = script.span(target);
        match script.expr(target) {
            Expr::Var(name) => {
                let key = self.key(name);
                let value = make::weaken(value, self.basis);
                let value = make::pass(self.context, value, StepKind::Variable, span);
                self.state.set(key, value);
            }
            Expr::Get { base, key } if depth < 16 => {
                if matches!(script.expr(*key), Expr::Int(0))
                    && self.script.shell == Shell::Bash
                    && matches!(script.expr(*base), Expr::Var(_))
                {
                    self.assign_deep(*base, value, depth + 1);
                    return;
                }
                let container = self.container(*base);
                let key = self.value(*key);
                let changed = self.with_part(container, &key, value, span);
                self.assign_deep(*base, changed, depth + 1);
            }
            _ => {}
        }
    }

    /// What a member is set in; a bash variable that isn't set yet is an empty list.
    fn container(&mut self, base: ExprId) -> Value {
        if let Expr::Var(name) = self.script.expr(base)
            && self.script.shell == Shell::Bash
        {
            let key = self.key(name);
            if !self.state.variables.contains_key(&key) {
                let origin = self.context.written(self.script.span(base));
                return make::array(self.context, Vec::new(), origin);
            }
        }
        self.value(base)
    }

    /// A list or map with one part set.
    fn with_part(&mut self, container: Value, key: &Value, value: Value, span: Span) -> Value {
        let name = pieces(self.context, key);
        let text = name.as_ref().and_then(|name| name.text());
        let index = key.as_int().or_else(|| text.as_deref().and_then(|text| self.arithmetic(text)));
        match (&container.kind, index) {
            (Kind::Array(elements), Some(index)) => {
                let mut elements = elements.to_vec();
                match usize::try_from(index) {
                    Ok(at) if at < elements.len() && !elements.iter().any(Element::is_many) => {
                        elements[at] = Element::One(value);
                    }
                    Ok(at) if at == elements.len() => elements.push(Element::One(value)),
                    _ => return self.unknown(span),
                }
                make::array(self.context, elements, container.origin)
            }
            (Kind::Array(elements), None) if !elements.is_empty() => self.unknown(span),
            (Kind::Object(_) | Kind::Array(_), _) => {
                let mut object = match &container.kind {
                    Kind::Object(object) => (**object).clone(),
                    _ => Object::default(),
                };
                match name {
                    Some(name) => put(&mut object, name, value),
                    None => object.open = true,
                }
                self.object(object, container.origin)
            }
            _ => self.unknown(span),
        }
    }

    /// The variables that a block assigns, those of the blocks in it included.
    pub(super) fn assigned(&self, block: BlockId) -> Vec<(Name, Span)> {
        let mut names = Vec::new();
        let mut pending = vec![block];
        let mut seen = 0_usize;
        while let Some(block) = pending.pop() {
            for statement in self.script.block(block) {
                seen += 1;
                if seen > 10_000 {
                    return names;
                }
                match &statement.kind {
                    StatementKind::Assign(assign) => self.target_names(assign.target, &mut names),
                    StatementKind::For { variable, variable_span, body, .. } => {
                        names.push((variable.clone(), *variable_span));
                        pending.push(*body);
                    }
                    StatementKind::If { branches, otherwise } => {
                        pending.extend(branches.iter().flat_map(|(condition, body)| [*condition, *body]));
                        pending.extend(otherwise);
                    }
                    StatementKind::Case { arms, .. } => pending.extend(arms.iter().map(|arm| arm.body)),
                    StatementKind::While { condition, body, .. } => pending.extend([*condition, *body]),
                    StatementKind::Chain { first, rest } => {
                        pending.push(*first);
                        pending.extend(rest.iter().map(|(_, block)| *block));
                    }
                    StatementKind::Group(block) | StatementKind::Not(block) => pending.push(*block),
                    // In bash each part is a shell of its own.
                    StatementKind::Pipeline(parts) if self.script.shell == Shell::PowerShell => pending.extend(parts),
                    StatementKind::Try { body, handlers, finally } => {
                        pending.push(*body);
                        pending.extend(handlers);
                        pending.extend(finally);
                    }
                    StatementKind::Expression(id) => {
                        if let Expr::Method { base, .. } = self.script.expr(*id) {
                            self.target_names(*base, &mut names);
                        }
                    }
                    StatementKind::Command(command) => {
                        pending.extend(self.for_each_object(command));
                        // `read x`, `printf -v x`, `shift`: every plain word may be a variable.
                        let mut words = command.words.iter().filter_map(|word| match word.parts.as_slice() {
                            [part] => self.script.literal(part.value),
                            _ => None,
                        });
                        let first = words.next();
                        match first.as_deref() {
                            Some("read" | "mapfile" | "readarray" | "printf" | "getopts") => {
                                names.extend(words.map(|word| (word, statement.span)));
                            }
                            Some("shift" | "set") => names.push(("@".into(), statement.span)),
                            _ => {}
                        }
                    }
                    _ => {}
                }
            }
        }
        names
    }

    fn target_names(&self, target: ExprId, names: &mut Vec<(Name, Span)>) {
        let mut target = target;
        while let Expr::Get { base, .. } = self.script.expr(target) {
            target = *base;
        }
        match self.script.expr(target) {
            Expr::Var(name) => names.push((name.clone(), self.script.span(target))),
            Expr::List(targets) => {
                for target in targets {
                    if let Expr::Var(name) = self.script.expr(*target) {
                        names.push((name.clone(), self.script.span(*target)));
                    }
                }
            }
            _ => {}
        }
    }

    /// Sets everything that a block assigns to something unknown, as after any number of its turns. Lists that only
    /// grow keep what they hold.
    pub(super) fn forget_assigned(&mut self, block: BlockId) {
        for (name, span) in self.assigned(block) {
            if &*name == "@" {
                let key = self.key("@");
                let origin = self.context.written(span);
                let value = named(self.context, "$@", origin);
                let all = make::array(self.context, vec![Element::Many(value)], origin);
                self.state.set(key, all);
                for index in 1..10 {
                    self.state.forget(&index.to_string());
                }
            } else if name.chars().all(|char| char.is_alphanumeric() || char == '_' || char == ':') {
                self.set_unknown(&name, span);
            }
        }
    }
}
