/** ms that a page has to paint what it has just been told: two frames. */
const grace = 34

/**
 * What one run said about one member, for whom roles were chosen in quick succession. The last word at a moment is the
 * newest choice that was not refused by then. Frames that say something else are counted by why:
 *
 * - `late`: the last word was not on the screen yet, answered or not
 * - `lost`: it was there, and is gone again, or a refused choice stays
 *
 * and `ahead` are those with a choice that is going to be refused.
 *
 * @param {{ frames: { at: number, says: string }[], choices: { role: string, at: number, answer: { at: number, isMade: boolean } }[], before: string, onServer: string }} run
 */
export function judge({ frames, choices, before, onServer }) {
  const counts = { late: 0, lost: 0, ahead: 0 }
  const isRefused = ({ answer }, at) => !answer.isMade && answer.at <= at
  let seen = before
  for (const { at, says } of frames) {
    const begun = choices.filter((choice) => choice.at <= at)
    const wordAt = (time) => begun.findLast((choice) => !isRefused(choice, time))?.role ?? before
    const words = new Set([wordAt(at - grace), wordAt(at)])
    const said = begun.findLast(({ role }) => role === says)
    if (words.has(says)) seen = says
    else if (words.has(seen) || (said && isRefused(said, at))) counts.lost += 1
    else counts.late += 1
    if (said && !said.answer.isMade && !isRefused(said, at)) counts.ahead += 1
  }
  const holds = choices.findLast(({ answer }) => answer.isMade)?.role ?? before
  return {
    ...counts,
    untrue: frames.at(-1).says === onServer ? 0 : 1,
    overtaken: onServer === holds ? 0 : 1,
  }
}
