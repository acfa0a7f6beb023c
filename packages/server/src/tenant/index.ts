import type { Database } from '../platform/database/database.ts';
import type { ManagementApi } from '../platform/http/management-api.ts';
import type { SecretBox } from '../platform/secrets/secret-box.ts';
import { registerBrandingRoutes } from './branding/routes.ts';
import { registerSigningKeyRoutes } from './keys/routes.ts';
import { registerSettingsRoutes } from './routes.ts';

export { getBranding, getPromptSettings } from './branding/branding.ts';
export { listCustomTexts } from './branding/store.ts';
export { ensureTenant, SecretKeyMismatchError } from './ensure-tenant.ts';
export { toPkcs7, toRawPem } from './keys/certificate-forms.ts';
export {
  currentCertificate,
  ensureSigningKeys,
  loadSigningKeys,
  type SigningKey,
} from './keys/signing-keys.ts';
export { getDeletedUserRetention, getTenantSettings, presentSettings } from './settings.ts';
export { storedSettings } from './store.ts';

/** Registers `/tenants/settings`, `/branding`, `/prompts` and `/keys/signing`. */
export function registerTenantRoutes(
  api: ManagementApi,
  dependencies: { readonly database: Database; readonly secrets: SecretBox; readonly publicUrl: string },
): void {
  registerSettingsRoutes(api, dependencies);
  registerBrandingRoutes(api, dependencies);
  registerSigningKeyRoutes(api, dependencies);
}
