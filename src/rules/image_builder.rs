//! CMK223: a template of Azure Image Builder asks for the encryption of an image version.

use super::remark::Remark;
use super::rule::{Check, Rule};
use crate::azure::Kind;
use crate::eval::Resource;
use crate::value::{Lookup, Value};

pub(super) struct ImageBuilderEncryption;

impl Rule for ImageBuilderEncryption {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageTemplate]
    }

    fn resource(&self, _kind: Kind, resource: &Resource, check: &mut Check<'_>) {
        let body = check.reader.settle(&resource.body);
        let distribute = check.reader.path(&body, &["properties", "distribute"]);
        for item in check.reader.list(&distribute).items {
            judge(&item.value, check);
            let regions = check.reader.member(&item.value, "targetRegions");
            for region in check.reader.list(&regions).items {
                judge(&region.value, check);
            }
        }
    }
}

fn judge(holder: &Value, check: &mut Check<'_>) {
    for name in ["encryption", "diskEncryptionSetId"] {
        let field = check.reader.member(holder, name);
        let (Some(value), Some(object)) = (field.present(), holder.as_object()) else { continue };
        let place = match object.get(name) {
            Lookup::Found(member) => check.reader.place_of(&member.key),
            Lookup::Absent | Lookup::Maybe => None,
        };
        let message = format!("Image Builder knows no member `{name}`: the version would have no key of yours");
        let place = place.or_else(|| check.reader.place(value));
        let remark = Remark::at(place, value.basis, message, "not known in any API version")
            .note("no version of the type `imageTemplates` has a member for encryption in `distribute`")
            .help("let Image Builder make a managed image, and make the encrypted version from that");
        check.report(&remark);
    }
}
