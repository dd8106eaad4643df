// Reads a Data Package with the JavaScript library, foreign keys included, and prints as JSON
// what the library objects to and how many rows it finds: node read_package.js DESCRIPTOR

const path = require('path')
const {Package} = require('datapackage')

async function readTable(resource) {
  try {
    const rows = await resource.read({relations: true})
    return {rows: rows.length, errors: []}
  } catch (error) {
    return {rows: 0, errors: [error, ...(error.errors || [])].map(String)}
  }
}

async function main(descriptor) {
  const location = path.resolve(descriptor)
  const dataPackage = await Package.load(location, {basePath: path.dirname(location)})
  const tables = {}
  for (const resource of dataPackage.resources) {
    tables[resource.name] = await readTable(resource)
  }
  console.log(JSON.stringify({errors: dataPackage.errors.map(String), tables}))
}

main(process.argv[2])
