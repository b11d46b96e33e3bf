//! Rules that hit where another rule hits must not go round in a circle.

use std::ops::Range;

use super::diagnostic::{Code, Diagnostic};
use super::layers::Layered;
use super::node::{Node, Op};
use super::rule::{Body, Clause, Rule};

/// Reports every rule that rests on itself.
pub(super) fn check(layered: &Layered, rules: &[Rule], clauses: &[Clause], problems: &mut Vec<Diagnostic>) {
    let references: Vec<Vec<usize>> = rules.iter().map(|rule| references(rule, clauses)).collect();
    for (number, placed) in layered.rules.values().enumerate() {
        if reaches(number, &references) {
            let span: Range<usize> = placed.entry.id.span();
            let message = format!("rule `{}` rests on itself", placed.entry.id.get_ref());
            let hint = "take one of the `rule = …` references out";
            problems.push(layered.sources[placed.file].diagnose(Code::RuleCycle, span, message, hint));
        }
    }
}

fn references(rule: &Rule, clauses: &[Clause]) -> Vec<usize> {
    let mut found = Vec::new();
    match &rule.body {
        Body::Said { clauses: own, unless } => {
            let nodes = clauses[own.clone()].iter().map(|clause| &clause.node);
            for node in nodes.chain(unless.iter().map(|unless| &unless.node)) {
                collect(node, &mut found);
            }
        }
        Body::Required(required) => {
            collect(&required.statement, &mut found);
            if let Some(node) = &required.only_if {
                collect(node, &mut found);
            }
        }
    }
    found
}

fn collect(node: &Node, found: &mut Vec<usize>) {
    if let Op::Rule(rule) = node.op {
        found.push(rule);
    }
    for part in node.parts() {
        collect(part, found);
    }
}

fn reaches(start: usize, references: &[Vec<usize>]) -> bool {
    let mut seen = vec![false; references.len()];
    let mut open = references[start].clone();
    while let Some(rule) = open.pop() {
        if rule == start {
            return true;
        }
        if !std::mem::replace(&mut seen[rule], true) {
            open.extend(&references[rule]);
        }
    }
    false
}
