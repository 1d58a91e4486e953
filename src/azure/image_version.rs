//! Image versions and where they are replicated to.

use super::{DiskSource, Encryption, Field, Ground, Reader, Slot, Source, SourceDisk};
use crate::azure::encryption::Lun;
use crate::eval::Resource;
use crate::text::Span;
use crate::value::{Basis, Lookup, Str, Value};

/// An image version. Its parts are read when asked for, so that a check decides only the conditions that it meets.
#[derive(Clone, Debug)]
pub struct ImageVersion<'a> {
    /// The resource.
    pub resource: &'a Resource,
    /// `properties`.
    pub properties: Field,
    /// `properties.publishingProfile`.
    pub publishing: Field,
    /// `properties.storageProfile`.
    pub storage: Field,
}

/// Where an image version is replicated to.
#[derive(Clone, Debug)]
pub struct TargetRegions {
    /// The list as a member.
    pub field: Field,
    /// The entries known.
    pub list: Vec<TargetRegion>,
    /// What hides further entries.
    pub gap: Option<Value>,
}

/// A target region, or an edge zone of one.
#[derive(Clone, Debug)]
pub struct TargetRegion {
    /// The entry.
    pub item: Value,
    /// Whether it stands for any number of entries.
    pub many: bool,
    /// The region's name.
    pub name: Field,
    /// The edge zone's name, for an edge zone.
    pub zone: Option<Field>,
    /// The keys of this copy.
    pub encryption: Encryption,
}

/// A reference to a disk encryption set.
#[derive(Clone, Debug)]
pub struct KeyUse {
    /// What it is for.
    pub slot: Slot,
    /// The reference; never certainly missing.
    pub des: Field,
    /// Which entry of the regions and zones it belongs to.
    pub entry: Option<usize>,
    /// How firmly it stands that there is such a reference, whatever it says.
    pub ground: Basis,
}

impl<'a> ImageVersion<'a> {
    /// Reads an image version.
    pub fn read(reader: &mut Reader<'_>, resource: &'a Resource) -> Self {
        let body = reader.settle(&resource.body);
        let properties = reader.member(&body, "properties");
        Self {
            resource,
            publishing: reader.of(&properties, "publishingProfile"),
            storage: reader.of(&properties, "storageProfile"),
            properties,
        }
    }

    /// Where it is at home.
    pub fn location(&self, reader: &mut Reader<'_>) -> Field {
        let body = reader.settle(&self.resource.body);
        reader.member(&body, "location")
    }

    /// Where it is replicated to.
    pub fn target_regions(&self, reader: &mut Reader<'_>) -> TargetRegions {
        let field = reader.of(&self.publishing, "targetRegions");
        let list = reader.list(&field);
        let gap = list.open;
        let list = list
            .items
            .into_iter()
            .map(|item| TargetRegion {
                name: reader.member(&item.value, "name"),
                zone: None,
                encryption: Encryption::read(reader, &item.value),
                item: item.value,
                many: item.many,
            })
            .collect();
        TargetRegions { field, list, gap }
    }

    /// The edge zones that it is replicated to. `name` of each is the region that the zone belongs to.
    pub fn edge_zones(&self, reader: &mut Reader<'_>) -> TargetRegions {
        let field = reader.of(&self.publishing, "targetExtendedLocations");
        let list = reader.list(&field);
        let gap = list.open;
        let list = list
            .items
            .into_iter()
            .map(|item| TargetRegion {
                name: reader.member(&item.value, "name"),
                zone: Some(reader.path(&item.value, &["extendedLocation", "name"])),
                encryption: Encryption::read(reader, &item.value),
                item: item.value,
                many: item.many,
            })
            .collect();
        TargetRegions { field, list, gap }
    }

    /// Target regions, then edge zones.
    pub fn copies(&self, reader: &mut Reader<'_>) -> TargetRegions {
        let mut regions = self.target_regions(reader);
        let zones = self.edge_zones(reader);
        regions.list.extend(zones.list);
        regions.gap = regions.gap.or(zones.gap);
        regions
    }

    /// What it is made from.
    pub fn source(&self, reader: &mut Reader<'_>) -> Source {
        let whole = reader.of(&self.storage, "source");
        let os_field = reader.of(&self.storage, "osDiskImage");
        let data_field = reader.of(&self.storage, "dataDiskImages");
        let list = reader.list(&data_field);
        Source {
            id: reader.of(&whole, "id"),
            uri: reader.of(&whole, "uri"),
            community: reader.of(&whole, "communityGalleryImageId"),
            machine: reader.of(&whole, "virtualMachineId"),
            whole,
            os: DiskSource::read(reader, &os_field),
            os_field,
            data: list
                .items
                .into_iter()
                .map(|item| SourceDisk {
                    lun: Lun::read(reader, &item.value),
                    many: item.many,
                    disk: DiskSource::read(reader, &Field::Present(item.value)),
                })
                .collect(),
            data_gap: list.open,
            restore: reader.of(&self.properties, "restore"),
        }
    }

    /// The subscription that it is deployed to.
    pub fn subscription(&self) -> Option<&'a Str> {
        self.resource.id.as_ref().and_then(|id| id.scope.subscription())
    }
}

impl TargetRegions {
    /// Every reference to a disk encryption set in it that isn't certainly missing.
    pub fn uses(&self) -> Vec<KeyUse> {
        let mut uses = Vec::new();
        for (entry, region) in self.list.iter().enumerate() {
            for (slot, des) in region.encryption.uses() {
                let ground = region.encryption.field.basis();
                uses.push(KeyUse { slot, des: des.clone(), entry: Some(entry), ground });
            }
        }
        uses
    }

    /// The first key of any copy; else what keeps it from being told, if anything does.
    pub fn first_key(&self) -> Result<Value, Option<Value>> {
        if let Some(key) = self.list.iter().find_map(|region| region.encryption.first_key()) {
            return Ok(key);
        }
        Err(self.gap.clone().or_else(|| self.list.iter().find_map(|region| region.encryption.doubt())))
    }
}

impl TargetRegion {
    /// The region's name for people.
    pub fn shown(&self, reader: &Reader<'_>) -> String {
        match self.name.string() {
            Some(name) => reader.shown(name),
            None => "…".to_owned(),
        }
    }

    /// Where the region's name is written, else the entry.
    pub fn place(&self, reader: &Reader<'_>) -> Option<Span> {
        let named = self.name.present().and_then(|name| reader.place(name));
        named.or_else(|| reader.place(&self.item))
    }

    /// `storageAccountType` of this copy and of its additional sets of replicas.
    pub fn storage_types(&self, reader: &mut Reader<'_>) -> Vec<Field> {
        let sets = reader.member(&self.item, "additionalReplicaSets");
        let mut types = vec![reader.member(&self.item, "storageAccountType")];
        for set in reader.list(&sets).items {
            types.push(reader.member(&set.value, "storageAccountType"));
        }
        types
    }

    /// Where the name of its member `encryption` is written.
    pub fn encryption_place(&self, reader: &Reader<'_>) -> Option<Span> {
        match self.item.as_object()?.get("encryption") {
            Lookup::Found(member) => reader.place_of(&member.key),
            Lookup::Absent | Lookup::Maybe => None,
        }
    }

    /// What is known of it that there is such an entry at all.
    pub const fn ground(&self) -> Ground {
        Ground::of(&self.item)
    }
}
