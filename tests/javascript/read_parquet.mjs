// Reads Parquet files and prints as JSON their rows, by file: node read_parquet.mjs FILE …

import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'

const plain = (_, value) => (typeof value === 'bigint' ? Number(value) : value)

const found = {}
for (const path of process.argv.slice(2)) {
  found[path] = await parquetReadObjects({ file: await asyncBufferFromFile(path) })
}
console.log(JSON.stringify(found, plain))
