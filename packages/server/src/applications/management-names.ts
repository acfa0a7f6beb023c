/** The identifier of the Management API under a public URL: with the final slash, as clients ask for it. */
export const managementAudience = (publicUrl: string) => `${publicUrl}/api/v2/`;

/** The id of the dashboard's client, the same in every installation: it is public and has no secret. */
export const dashboardClientId = 'muster-dashboard';
