// Three libraries that speak OAuth by the book, against a running server. Reads one JSON object from standard input and writes one JSON array of
// {client, operation, ok, detail} to standard output. What a library refuses is thrown by it, and is told apart by the name of the error.
import './webcrypto.mjs'
import { readFileSync } from 'node:fs'
import * as jose from 'jose'
import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'

const given = JSON.parse(readFileSync(0, 'utf8'))
const issuer = new URL(given.issuer)
const insecure = { [oauth.allowInsecureRequests]: true }
const results = []

async function attempt(client, operation, action) {
  try {
    results.push({ client, operation, ok: true, detail: String((await action()) ?? '') })
  } catch (error) {
    results.push({ client, operation, ok: false, detail: `${error.name} ${error.code ?? ''} ${error.message} ${error.cause ? JSON.stringify(error.cause) : ''}` })
  }
}

function expect(condition, what) {
  if (!condition) throw new Error(`expected ${what}`)
}

// Runs an action that must be refused, and gives the error.
async function refusal(action) {
  let value
  try {
    value = await action()
  } catch (error) {
    return error
  }
  throw new Error(`not refused: ${JSON.stringify(value)}`)
}

function tampered(token) {
  const [header, payload, signature] = token.split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url'))
  return [header, Buffer.from(JSON.stringify({ ...claims, roles: ['admin'] })).toString('base64url'), signature].join('.')
}

// jose
const keys = jose.createRemoteJWKSet(new URL('/.well-known/jwks.json', issuer))
const expected = { issuer: given.issuer, audience: given.audience, typ: 'at+jwt', algorithms: ['ES256'], requiredClaims: ['sub', 'iat', 'jti', 'client_id'] }
await attempt('jose', 'verify the access token by the key set', async () => {
  const { payload, protectedHeader } = await jose.jwtVerify(given.pair.access_token, keys, expected)
  expect(payload.sub === given.userId, 'the account as sub')
  const { keys: published } = await (await fetch(new URL('/.well-known/jwks.json', issuer))).json()
  const thumbprint = await jose.calculateJwkThumbprint(published.find((key) => key.kid === protectedHeader.kid))
  expect(thumbprint === protectedHeader.kid, 'the thumbprint of RFC 7638 as kid')
  return protectedHeader.alg
})
await attempt('jose', 'refuse a tampered access token', async () => (await refusal(() => jose.jwtVerify(tampered(given.pair.access_token), keys, expected))).code)
await attempt('jose', 'refuse the refresh token', async () => (await refusal(() => jose.jwtVerify(given.pair.refresh_token, keys, expected))).code)

// oauth4webapi
const client = { client_id: given.clientId }
let server
for (const algorithm of ['oidc', 'oauth2']) {
  await attempt('oauth4webapi', `discovery (${algorithm})`, async () => {
    const response = await oauth.discoveryRequest(issuer, { algorithm, ...insecure })
    server = await oauth.processDiscoveryResponse(issuer, response)
    return server.issuer
  })
}

let refreshToken = given.pair.refresh_token
let accessToken = given.pair.access_token
await attempt('oauth4webapi', 'refresh grant', async () => {
  const response = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), refreshToken, insecure)
  const pair = await oauth.processRefreshTokenResponse(server, client, response)
  expect(pair.refresh_token && pair.refresh_token !== refreshToken, 'a new refresh token')
  expect(pair.token_type === 'bearer' && pair.expires_in > 0, 'a bearer token that expires')
  refreshToken = pair.refresh_token
  accessToken = pair.access_token
  return `expires in ${pair.expires_in} s`
})
await attempt('oauth4webapi', 'refresh grant with a token that is none', async () => {
  const response = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), 'nothing', insecure)
  const error = await refusal(() => oauth.processRefreshTokenResponse(server, client, response))
  expect(error.error === 'invalid_grant', 'invalid_grant')
  return `${error.status} ${error.error}`
})
const withBearer = (token) => new Request(new URL('/resource', issuer), { headers: { authorization: `Bearer ${token}` } })
await attempt('oauth4webapi', 'validateJwtAccessToken (RFC 9068)', async () => {
  const claims = await oauth.validateJwtAccessToken(server, withBearer(accessToken), given.audience, { signingAlgorithms: ['ES256'], ...insecure })
  expect(claims.sub === given.userId && claims.client_id === given.clientId, 'the account and the client')
  return claims.sub
})
await attempt('oauth4webapi', 'validateJwtAccessToken refuses the refresh token', async () =>
  (await refusal(() => oauth.validateJwtAccessToken(server, withBearer(refreshToken), given.audience, { signingAlgorithms: ['ES256'], ...insecure }))).name)
await attempt('oauth4webapi', 'protected resource', async () => {
  const response = await oauth.protectedResourceRequest(accessToken, 'GET', new URL(`${given.prefix}/users/me`, issuer), undefined, undefined, insecure)
  expect(response.status === 200, 'status 200')
  return (await response.json()).email
})
await attempt('oauth4webapi', 'protected resource without a good token', async () => {
  const error = await refusal(() => oauth.protectedResourceRequest('nothing', 'GET', new URL(`${given.prefix}/users/me`, issuer), undefined, undefined, insecure))
  const challenge = error.cause[0]
  expect(error.status === 401 && challenge.scheme === 'bearer' && challenge.parameters.error === 'invalid_token', 'a challenge that the library reads')
  return `${error.status} ${challenge.parameters.error}`
})

const resourceServer = { client_id: given.resourceServer.id }
const authentications = { client_secret_basic: oauth.ClientSecretBasic, client_secret_post: oauth.ClientSecretPost }
for (const [method, authentication] of Object.entries(authentications)) {
  await attempt('oauth4webapi', `introspection (${method})`, async () => {
    expect(server.introspection_endpoint_auth_methods_supported.includes(method), 'the method in the metadata')
    const response = await oauth.introspectionRequest(server, resourceServer, authentication(given.resourceServer.secret), accessToken, insecure)
    const answer = await oauth.processIntrospectionResponse(server, resourceServer, response)
    expect(answer.active === true && answer.sub === given.userId, 'an active token of the account')
    return `active, ${answer.token_type}`
  })
}
await attempt('oauth4webapi', 'introspection with a wrong secret', async () => {
  const response = await oauth.introspectionRequest(server, resourceServer, oauth.ClientSecretBasic('wrong'), accessToken, insecure)
  const error = await refusal(() => oauth.processIntrospectionResponse(server, resourceServer, response))
  expect(error.status === 401, 'status 401')
  return `${error.status} ${error.cause?.[0]?.scheme ?? error.error}`
})

// openid-client, which goes on with the session
let configuration
await attempt('openid-client', 'discovery', async () => {
  configuration = await openid.discovery(issuer, given.clientId, undefined, openid.None(), { execute: [openid.allowInsecureRequests] })
  return configuration.serverMetadata().token_endpoint
})
await attempt('openid-client', 'refresh grant', async () => {
  // Within a minute of the last rotation the server hands out the same refresh token again, for tabs that race.
  const pair = await openid.refreshTokenGrant(configuration, refreshToken)
  expect(pair.refresh_token && pair.access_token !== accessToken, 'a pair with another access token')
  refreshToken = pair.refresh_token
  accessToken = pair.access_token
  return `expires in ${pair.expiresIn()} s`
})
await attempt('openid-client', 'protected resource', async () => {
  const response = await openid.fetchProtectedResource(configuration, accessToken, new URL(`${given.prefix}/users/me`, issuer), 'GET')
  return (await response.json()).email
})
await attempt('openid-client', 'introspection', async () => {
  const asResourceServer = await openid.discovery(issuer, given.resourceServer.id, undefined, openid.ClientSecretBasic(given.resourceServer.secret), {
    execute: [openid.allowInsecureRequests],
  })
  const answer = await openid.tokenIntrospection(asResourceServer, accessToken)
  expect(answer.active === true, 'an active token')
  return `active until ${answer.exp}`
})
await attempt('openid-client', 'revocation, as the public client', async () => {
  await openid.tokenRevocation(configuration, refreshToken)
  const error = await refusal(() => openid.refreshTokenGrant(configuration, refreshToken))
  expect(error.error === 'invalid_grant', 'invalid_grant')
  return `then ${error.status} ${error.error}`
})
await attempt('oauth4webapi', 'introspection of a revoked token', async () => {
  const response = await oauth.introspectionRequest(server, resourceServer, oauth.ClientSecretBasic(given.resourceServer.secret), accessToken, insecure)
  const answer = await oauth.processIntrospectionResponse(server, resourceServer, response)
  expect(answer.active === false, 'active: false')
  return 'not active'
})
await attempt('oauth4webapi', 'revocation (client_secret_basic)', async () => {
  const request = (token) => oauth.revocationRequest(server, resourceServer, oauth.ClientSecretBasic(given.resourceServer.secret), token, insecure)
  await oauth.processRevocationResponse(await request(given.second.refresh_token))
  await oauth.processRevocationResponse(await request(given.second.refresh_token))
  const error = await refusal(() => oauth.protectedResourceRequest(given.second.access_token, 'GET', new URL(`${given.prefix}/users/me`, issuer), undefined, undefined, insecure))
  return `the session's access token then: ${error.status}`
})

process.stdout.write(JSON.stringify(results))
