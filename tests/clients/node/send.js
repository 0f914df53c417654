// Sends a few calls by Segment's own client: node send.js ADDRESS WRITE_KEY
const { Analytics } = require('@segment/analytics-node')

const [, , host, writeKey] = process.argv
const analytics = new Analytics({ writeKey, host, path: '/v1/batch', flushAt: 5 })
let problems = 0
analytics.on('error', (error) => { problems += 1; console.error(error) })

analytics.identify({ userId: 'cleo', traits: { email: 'cleo@example.org' } })
for (let i = 0; i < 12; i++) {
  analytics.track({ userId: 'cleo', event: 'Product Viewed', properties: { product_id: `p-${i}` } })
}
analytics.page({ anonymousId: 'somebody', name: 'Home' })
analytics.closeAndFlush({ timeout: 15000 }).then(() => process.exit(problems ? 1 : 0))
