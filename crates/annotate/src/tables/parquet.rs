//! The table as Apache Parquet: one column per column of the table, all optional, in groups of rows that are compressed
//! with Zstandard. The header of the annotated VCF, which names build, software and data releases, stands in the file's
//! metadata under `vcf_header`.

use std::{path::Path, sync::Arc};

use clinotype_genome::{Fault, Result, fs::AtomicFile};
use parquet::{
    basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel},
    data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type},
    errors::ParquetError,
    file::{
        metadata::KeyValue,
        properties::WriterProperties,
        writer::{SerializedFileWriter, SerializedRowGroupWriter},
    },
    schema::types::Type as Schema,
};

use super::{Column, Table, Type};

/// Rows of a group: some tens of MB of text while they wait.
const GROUP: usize = 65_536;

/// The file being written.
pub(crate) struct Writer {
    path: std::path::PathBuf,
    file: SerializedFileWriter<AtomicFile>,
    columns: Vec<Column>,
    /// Whole rows of TSV that wait for their group.
    text: Vec<u8>,
    /// Ends of these rows in the text.
    ends: Vec<usize>,
}

impl Writer {
    /// Starts the file. `header`: of the annotated VCF.
    pub(crate) fn create(path: &Path, table: &Table, header: &str) -> Result<Self> {
        let failed = |e| fault(path, e);
        let fields = table
            .columns()
            .iter()
            .map(|column| Ok(Arc::new(field(column).map_err(failed)?)))
            .collect::<Result<Vec<_>>>()?;
        let schema = Schema::group_type_builder("annotation")
            .with_fields(fields)
            .build()
            .map_err(failed)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(3).map_err(failed)?))
            .set_created_by(format!("clinotype-annotate {}", env!("CARGO_PKG_VERSION")))
            .set_key_value_metadata(Some(vec![KeyValue::new("vcf_header".to_owned(), header.to_owned())]))
            .build();
        Ok(Self {
            path: path.to_owned(),
            file: SerializedFileWriter::new(AtomicFile::create(path)?, Arc::new(schema), Arc::new(properties))
                .map_err(failed)?,
            columns: table.columns().to_vec(),
            text: Vec::new(),
            ends: Vec::new(),
        })
    }

    /// Takes whole rows, as [`Table::rows`] makes them.
    pub(crate) fn rows(&mut self, text: &[u8]) -> Result<()> {
        for line in text.split_inclusive(|b| *b == b'\n') {
            self.text.extend_from_slice(line);
            self.ends.push(self.text.len());
            if self.ends.len() == GROUP {
                self.group()?;
            }
        }
        Ok(())
    }

    /// Writes the rows that wait as one group.
    fn group(&mut self) -> Result<()> {
        let text = std::str::from_utf8(&self.text).map_err(|_| Fault::internal("a row of the table is no UTF-8"))?;
        let mut cells: Vec<&str> = Vec::with_capacity(self.ends.len() * self.columns.len());
        let mut from = 0;
        for end in &self.ends {
            cells.extend(text[from..end - 1].split('\t'));
            from = *end;
        }
        if cells.len() != self.ends.len() * self.columns.len() {
            return Err(Fault::internal("a row of the table has another number of columns"));
        }
        let failed = |e| fault(&self.path, e);
        let mut group = self.file.next_row_group().map_err(failed)?;
        for (n, column) in self.columns.iter().enumerate() {
            let values = cells.iter().skip(n).step_by(self.columns.len()).copied();
            write(&mut group, column, values).map_err(failed)?;
        }
        group.close().map_err(failed)?;
        self.text.clear();
        self.ends.clear();
        Ok(())
    }

    /// Finishes the file.
    pub(crate) fn commit(mut self) -> Result<()> {
        if !self.ends.is_empty() {
            self.group()?;
        }
        self.file.into_inner().map_err(|e| fault(&self.path, e))?.commit()
    }
}

fn fault(path: &Path, error: ParquetError) -> Fault {
    match error {
        ParquetError::External(inner) => match inner.downcast::<std::io::Error>() {
            Ok(io) => Fault::io("write", path, *io),
            Err(other) => Fault::internal(format!("the table cannot be written as Parquet: {other}")).at(path),
        },
        other => Fault::internal(format!("the table cannot be written as Parquet: {other}")).at(path),
    }
}

fn field(column: &Column) -> std::result::Result<Schema, ParquetError> {
    let (physical, logical) = match column.kind {
        Type::Text | Type::List(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Type::Integer => (Physical::INT64, None),
        Type::Number => (Physical::DOUBLE, None),
        Type::Mark => (Physical::BOOLEAN, None),
    };
    Schema::primitive_type_builder(&column.name, physical)
        .with_logical_type(logical)
        .with_repetition(Repetition::OPTIONAL)
        .build()
}

/// Writes a column: empty cells are null, and so is what is no value of the column's type (`inf`, for example).
fn write<'a>(
    group: &mut SerializedRowGroupWriter<'_, AtomicFile>,
    column: &Column,
    cells: impl Iterator<Item = &'a str>,
) -> std::result::Result<(), ParquetError> {
    match column.kind {
        Type::Text | Type::List(_) => typed::<ByteArrayType>(group, cells, |text| Some(ByteArray::from(text))),
        Type::Integer => typed::<Int64Type>(group, cells, |text| text.parse().ok()),
        Type::Number => typed::<DoubleType>(group, cells, |text| text.parse().ok().filter(|n: &f64| n.is_finite())),
        Type::Mark => typed::<BoolType>(group, cells, |text| match text {
            "1" => Some(true),
            "0" => Some(false),
            _ => None,
        }),
    }
}

fn typed<'a, T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, AtomicFile>,
    cells: impl Iterator<Item = &'a str>,
    read: impl Fn(&str) -> Option<T::T>,
) -> std::result::Result<(), ParquetError> {
    let (mut values, mut present) = (Vec::new(), Vec::new());
    for cell in cells {
        let value = (!cell.is_empty()).then(|| read(cell)).flatten();
        present.push(i16::from(value.is_some()));
        values.extend(value);
    }
    let mut writer = group
        .next_column()?
        .ok_or_else(|| ParquetError::General("the schema has fewer columns".to_owned()))?;
    writer.typed::<T>().write_batch(&values, Some(&present), None)?;
    writer.close()
}

#[cfg(test)]
mod tests {
    use parquet::{
        file::reader::{FileReader as _, SerializedFileReader},
        record::Field,
    };

    use super::*;
    use crate::tables::Kind;

    #[test]
    fn rows_come_back_with_their_types() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.parquet");
        let table = Table::new(Kind::Parquet, &[]);
        let mut writer = Writer::create(&path, &table, "##fileformat=VCFv4.3\n").unwrap();
        let mut text = String::new();
        for n in 0..GROUP + 7 {
            table
                .rows(
                    &mut text,
                    &format!("chr1\t{}\t.\tA\tC\t12.5\tPASS\tFREQ_AF=0.25;FREQ_AC=7\n", n + 1),
                )
                .unwrap();
        }
        writer.rows(text.as_bytes()).unwrap();
        assert!(!path.exists());
        writer.commit().unwrap();
        let reader = SerializedFileReader::try_from(path.as_path()).unwrap();
        let metadata = reader.metadata().file_metadata();
        assert_eq!(metadata.num_rows() as usize, GROUP + 7);
        assert_eq!(reader.num_row_groups(), 2);
        let kept = metadata.key_value_metadata().unwrap();
        assert!(
            kept.iter()
                .any(|kv| kv.key == "vcf_header" && kv.value.as_deref() == Some("##fileformat=VCFv4.3\n"))
        );
        let last = reader.get_row_iter(None).unwrap().last().unwrap().unwrap();
        let value = |name: &str| last.get_column_iter().find(|(n, _)| *n == name).unwrap().1.clone();
        assert_eq!(value("chrom"), Field::Str("chr1".to_owned()));
        assert_eq!(value("pos"), Field::Long((GROUP + 7) as i64));
        assert_eq!(value("qual"), Field::Double(12.5));
        assert_eq!(value("freq_af"), Field::Double(0.25));
        assert_eq!(value("freq_ac"), Field::Long(7));
        assert_eq!(
            (value("id"), value("hgvsc"), value("pick")),
            (Field::Null, Field::Null, Field::Null)
        );
    }
}
