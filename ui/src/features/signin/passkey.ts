/** Asks the browser's authenticator. The server tells and reads the JSON of WebAuthn. */
interface Json {
  parseCreationOptionsFromJSON(options: unknown): PublicKeyCredentialCreationOptions;
  parseRequestOptionsFromJSON(options: unknown): PublicKeyCredentialRequestOptions;
}

export interface Asked {
  token: string;
  options: unknown;
}

const json = () => PublicKeyCredential as unknown as Json;

/** What the server is told; rejects if the person or the authenticator says no. */
function told(token: string, made: Credential | null): { token: string; credential: unknown } {
  if (!made) throw new Error('no credential');
  return { token, credential: (made as unknown as { toJSON(): unknown }).toJSON() };
}

export async function create({ token, options }: Asked) {
  return told(token, await navigator.credentials.create({ publicKey: json().parseCreationOptionsFromJSON(options) }));
}

export async function sign({ token, options }: Asked) {
  return told(token, await navigator.credentials.get({ publicKey: json().parseRequestOptionsFromJSON(options) }));
}

/** Whether this browser can. */
export const able = () => typeof PublicKeyCredential !== 'undefined' && 'parseRequestOptionsFromJSON' in PublicKeyCredential;
