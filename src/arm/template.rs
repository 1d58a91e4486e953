//! Templates: parameters, variables, functions, outputs. Resources are in `resource`.

use super::notes::{Extent, Notes};
use super::recognise;
use super::value::{Lowering, Reading};
use crate::ir::{Binding, Dialect, Expr, Function, Param, ParamType, Program};
use crate::json::{Member, Node, Value};
use crate::text::SourceId;

/// How often one type definition may refer to another.
const MAX_REFERENCES: usize = 16;

/// Lowers a template. `outer` is given for a nested template whose expressions mean the names of another program.
pub(super) fn lower(source: SourceId, root: &Node<'_>, notes: &mut Notes<'_>, outer: Option<&Program>) -> Program {
    let mut program = Program::new(source, Dialect::Arm);
    program.scope = recognise::scope(root);
    program.broken.extend(notes.broken.iter().filter(|&&span| root.span.contains(span)));
    let resources = root.get("resources");
    let version = root.get("languageVersion").and_then(Node::str);
    program.symbolic =
        resources.is_some_and(Node::is_object) || version.is_some_and(|version| version.starts_with('2'));

    let mut lowering = Lowering { program, notes, outer, reading: Reading::Template };
    lowering.parameters(root);
    lowering.variables(root);
    if let Some(resources) = resources {
        lowering.program.units = lowering.units(resources);
    }
    if lowering.notes.extent == Extent::Whole {
        lowering.functions(root);
        lowering.outputs(root);
    }
    lowering.program
}

impl Lowering<'_, '_, '_> {
    /// The section of that name if it is an object. What else it is counts as a region that could not be read.
    fn section<'a, 't>(&mut self, root: &'a Node<'t>, name: &str) -> Option<&'a Node<'t>> {
        let node = root.get(name)?;
        match node.value {
            Value::Object(_) => return Some(node),
            Value::Null => {}
            _ => self.unreadable(node, &format!("`{name}` should be an object here")),
        }
        None
    }

    /// Notes that what this node declares is unknown.
    pub(super) fn unreadable(&mut self, node: &Node<'_>, message: &str) {
        if !matches!(node.value, Value::Broken) {
            self.notes.remark(node.span, message);
        }
        self.program.broken.push(node.span);
    }

    fn parameters(&mut self, root: &Node<'_>) {
        let Some(section) = self.section(root, "parameters") else { return };
        let definitions = root.get("definitions");
        for member in section.members() {
            let param = self.parameter(member, definitions);
            self.program.params.push(param);
        }
    }

    fn parameter(&mut self, member: &Member<'_>, definitions: Option<&Node<'_>>) -> Param {
        let node = &member.value;
        if !node.is_object() {
            self.unreadable(node, "a parameter's declaration should be an object");
        }
        let facet = |name: &str| facet(node, definitions, name);
        let ty = facet("type").and_then(Node::str).unwrap_or_default();
        let mut data = |node: Option<&Node<'_>>| node.map(|node| self.value_as(node, Reading::Data));
        let allowed = data(facet("allowedValues"));
        let min = data(facet("minLength").or_else(|| facet("minValue")));
        let max = data(facet("maxLength").or_else(|| facet("maxValue")));
        Param {
            name: self.notes.name(&member.key.decoded()),
            span: member.key.span(),
            ty: param_type(&ty),
            default: node.get("defaultValue").map(|default| self.value(default)),
            allowed,
            min,
            max,
            nullable: matches!(facet("nullable").map(|node| &node.value), Some(Value::Bool(true))),
            secure: ty.get(.."secure".len()).is_some_and(|start| start.eq_ignore_ascii_case("secure")),
        }
    }

    fn variables(&mut self, root: &Node<'_>) {
        let Some(section) = self.section(root, "variables") else { return };
        for member in section.members() {
            if self.has_loops(member) {
                member.value.elements().iter().for_each(|copy| self.variable_copy(copy));
            } else {
                let binding = Binding {
                    name: self.notes.name(&member.key.decoded()),
                    span: member.key.span(),
                    value: self.value(&member.value),
                    condition: None,
                };
                self.program.vars.push(binding);
            }
        }
    }

    fn variable_copy(&mut self, copy: &Node<'_>) {
        let node = copy.get("name");
        match (self.literal(node), node) {
            (Some(name), Some(node)) => {
                let value = self.looped(copy);
                self.program.vars.push(Binding { name, span: node.span, value, condition: None });
            }
            _ => self.unreadable(copy, "the name of a variable should be a literal"),
        }
    }

    fn functions(&mut self, root: &Node<'_>) {
        let namespaces = root.get("functions").map(Node::elements).unwrap_or_default();
        self.reading = Reading::Function;
        for node in namespaces {
            let namespace = self.literal(node.get("namespace")).unwrap_or_else(|| self.notes.name(""));
            for member in node.get("members").into_iter().flat_map(Node::members) {
                let arguments = member.value.get("parameters").map(Node::elements).unwrap_or_default();
                let args = arguments.iter().filter_map(|argument| self.literal(argument.get("name"))).collect();
                let output = member.value.get("output").and_then(|output| output.get("value"));
                let body = self.required(output, member.key.span(), "this function has no `output.value`");
                let name = self.notes.name(&member.key.decoded());
                self.program.funcs.push(Function { namespace: namespace.clone(), name, args, body });
            }
        }
        self.reading = Reading::Template;
    }

    fn outputs(&mut self, root: &Node<'_>) {
        let Some(section) = self.section(root, "outputs") else { return };
        for member in section.members() {
            let (node, span) = (&member.value, member.key.span());
            let value = match (node.get("copy"), node.get("value")) {
                (Some(copy), None) if copy.is_object() => self.looped(copy),
                (_, value) if node.is_object() => self.required(value, span, "this output has no `value`"),
                _ => self.program.add(Expr::Broken, node.span),
            };
            let condition = node.get("condition").map(|condition| self.value(condition));
            let name = self.notes.name(&member.key.decoded());
            self.program.outputs.push(Binding { name, span, value, condition });
        }
    }
}

/// What a parameter's declaration says of `name`, itself or through the type definitions that it refers to.
fn facet<'a, 't>(node: &'a Node<'t>, definitions: Option<&'a Node<'t>>, name: &str) -> Option<&'a Node<'t>> {
    let mut node = node;
    for _ in 0..MAX_REFERENCES {
        if let Some(found) = node.get(name) {
            return Some(found);
        }
        let reference = node.get("$ref")?.str()?;
        node = definitions?.get(reference.strip_prefix("#/definitions/")?)?;
    }
    None
}

fn param_type(name: &str) -> ParamType {
    match name.to_ascii_lowercase().as_str() {
        "string" | "securestring" => ParamType::String,
        "int" => ParamType::Int,
        "bool" => ParamType::Bool,
        "array" => ParamType::Array,
        "object" | "secureobject" => ParamType::Object,
        _ => ParamType::Any,
    }
}
