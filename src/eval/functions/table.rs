//! The list of pure functions.

use super::{
    Call, Pure, Value, array, cidr, compare, date, encoding, format, hash, number, object, search, set, split, string,
    uri,
};

/// The function of a lower-case name.
pub(in crate::eval) fn find(name: &str) -> Option<&'static Pure> {
    TABLE.binary_search_by(|pure| pure.name.cmp(name)).ok().and_then(|at| TABLE.get(at))
}

const ANY: usize = usize::MAX;

const fn pure(name: &'static str, least: usize, most: usize, run: fn(&mut Call<'_>) -> Value) -> Pure {
    Pure { name, least, most, holds_errors: false, run }
}

const fn holding_errors(pure: Pure) -> Pure {
    Pure { holds_errors: true, ..pure }
}

/// All pure functions, sorted by name.
static TABLE: &[Pure] = &[
    pure("add", 2, 2, number::add),
    pure("array", 1, 1, array::array),
    pure("base64", 1, 1, encoding::base64),
    pure("base64tojson", 1, 1, encoding::base64_to_json),
    pure("base64tostring", 1, 1, encoding::base64_to_string),
    pure("bool", 1, 1, compare::bool),
    pure("cidrhost", 2, 2, cidr::host),
    pure("cidrsubnet", 3, 3, cidr::subnet),
    pure("concat", 1, ANY, string::concat),
    pure("contains", 2, 2, search::contains),
    pure("datauri", 1, 1, encoding::data_uri),
    pure("datauritostring", 1, 1, encoding::data_uri_to_string),
    pure("datetimeadd", 2, 3, date::add),
    pure("datetimefromepoch", 1, 1, date::from_epoch),
    pure("datetimetoepoch", 1, 1, date::to_epoch),
    pure("distinct", 1, 1, set::distinct),
    pure("div", 2, 2, number::div),
    pure("empty", 1, 1, compare::empty),
    pure("endswith", 2, 2, search::ends_with),
    pure("first", 1, 1, array::first),
    pure("flatten", 1, 1, array::flatten),
    pure("float", 1, 1, number::float),
    holding_errors(pure("format", 1, ANY, format::format)),
    pure("greater", 2, 2, compare::greater),
    pure("greaterorequals", 2, 2, compare::greater_or_equals),
    pure("guid", 1, ANY, hash::guid),
    pure("indexof", 2, 2, search::index_of),
    pure("int", 1, 1, number::int),
    pure("intersection", 1, ANY, set::intersection),
    pure("items", 1, 1, object::items),
    pure("join", 2, 2, string::join),
    pure("json", 1, 1, encoding::json),
    pure("last", 1, 1, array::last),
    pure("lastindexof", 2, 2, search::last_index_of),
    pure("length", 1, 1, array::length),
    pure("less", 2, 2, compare::less),
    pure("lessorequals", 2, 2, compare::less_or_equals),
    pure("max", 1, ANY, number::max),
    pure("min", 1, ANY, number::min),
    pure("mod", 2, 2, number::modulo),
    pure("mul", 2, 2, number::mul),
    pure("objectkeys", 1, 1, object::object_keys),
    pure("padleft", 2, 3, string::pad_left),
    pure("parsecidr", 1, 1, cidr::parse),
    pure("range", 2, 2, array::range),
    pure("replace", 3, 3, string::replace),
    pure("shallowmerge", 1, 1, object::shallow_merge),
    pure("skip", 2, 2, array::skip),
    pure("split", 2, 2, split::split),
    pure("startswith", 2, 2, search::starts_with),
    pure("string", 1, 1, string::string),
    pure("sub", 2, 2, number::sub),
    pure("substring", 2, 3, string::substring),
    pure("take", 2, 2, array::take),
    pure("tolower", 1, 1, string::to_lower),
    pure("toupper", 1, 1, string::to_upper),
    pure("trim", 1, 1, string::trim),
    pure("union", 1, ANY, set::union),
    pure("uniquestring", 1, ANY, hash::unique_string),
    pure("uri", 2, 2, uri::uri),
    pure("uricomponent", 1, 1, uri::uri_component),
    pure("uricomponenttostring", 1, 1, uri::uri_component_to_string),
];

#[cfg(test)]
mod tests {
    use super::{TABLE, find};

    #[test]
    fn every_function_is_found_by_its_lower_case_name() {
        assert!(TABLE.is_sorted_by(|one, next| one.name < next.name));
        for pure in TABLE {
            assert!(find(pure.name).is_some_and(|found| found.name == pure.name));
            assert!(pure.least <= pure.most && pure.name.bytes().all(|byte| !byte.is_ascii_uppercase()));
        }
    }
}
