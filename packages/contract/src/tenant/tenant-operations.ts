import { Type } from 'typebox';
import { defineOperation } from '../operation.ts';
import { fieldSelection } from '../paging.ts';
import { TenantSettings, UpdateTenantSettingsBody } from './tenant-schemas.ts';

export const getTenantSettings = defineOperation({
  id: 'get_tenant_settings',
  method: 'GET',
  path: '/tenants/settings',
  tag: 'tenants',
  summary: 'Get tenant settings',
  scopes: ['read:tenant_settings'],
  query: Type.Object({ ...fieldSelection }, { additionalProperties: false }),
  responses: { 200: TenantSettings },
});

export const updateTenantSettings = defineOperation({
  id: 'patch_tenant_settings',
  method: 'PATCH',
  path: '/tenants/settings',
  tag: 'tenants',
  summary: 'Update tenant settings',
  description:
    '`flags`, `change_password`, `guardian_mfa_page` and `sessions` are merged; other values replace; `null` removes.',
  scopes: ['update:tenant_settings'],
  body: UpdateTenantSettingsBody,
  responses: { 200: TenantSettings },
});
