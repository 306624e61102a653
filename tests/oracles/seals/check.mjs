// Reads {contexts, documents} from standard input and writes, for each document, whether @digitalbazaar/vc accepts it.
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {cryptosuite as rdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';

let text = '';
for await (const part of process.stdin) text += part;
const {known, documents, now = '2026-03-01T08:00:00Z'} = JSON.parse(text);
const documentLoader = async url => {
  const document = known[url];
  if(!document) throw new Error(`${url} is not known`);
  return {contextUrl: null, documentUrl: url, document};
};
const answers = [];
for(const credential of documents) {
  const given = [credential.proof].flat()[0]?.cryptosuite;
  const cryptosuite = given === 'eddsa-jcs-2022' ? createVerifyCryptosuite() : rdfc;
  const suite = new DataIntegrityProof({cryptosuite});
  const found = await vc.verifyCredential({credential, suite, documentLoader, now: new Date(now)})
    .catch(error => ({verified: false, error}));
  answers.push({verified: found.verified, error: found.verified ? null : String(found.error?.errors?.[0] ?? found.error)});
}
process.stdout.write(JSON.stringify(answers));
