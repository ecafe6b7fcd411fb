// express-pouchdb on LevelDB, in the place of a CouchDB. Says its port in a line of JSON.

import express from 'express'
import expressPouchDB from 'express-pouchdb'
import PouchDB from 'pouchdb'

const [folder] = process.argv.slice(2)
const Local = PouchDB.defaults({ prefix: `${folder}/` })
const app = express()
app.use(expressPouchDB(Local, { mode: 'minimumForPouchDB', inMemoryConfig: true }))
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ port: server.address().port })}\n`)
})
