/** Whether the shapes that are kept are to be written anew, rather than compared with. */
export function updatesPlans(): boolean {
  return process.env['STUDYMATE_UPDATE_PLANS'] === '1';
}
