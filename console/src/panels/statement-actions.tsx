/** A statement beside the map: its facts, and what its speaker and the authority can do about it. */

import { shown } from "../airspace/sky";
import { day, utc } from "../bar/time";
import { may, session } from "../link/session";
import { actions } from "./actions";
import { Fact } from "./fact";
import { open } from "./registry";
import { ShareForm, shares } from "./share-form";
import { eventOf, laterOf, takesBack, withdrawalOf, writing } from "./statement-draft";
import { GradeForm } from "./statement-form";

function StatementActions({ id }: { id: string }) {
  const said = shown().statements.all().find((one) => one.name === id);
  if (!said) return <p class="quiet">It is not on record at this time.</p>;
  const { statement: s } = said;
  const authority = session.value?.role === "authority";
  const facts: [string, string][] = [
    ["Speaks", [s.speaker.name, s.speaker.role, s.speaker.side].filter(Boolean).join(", ")],
    ["Position", s.position],
    ["Question", s.scope],
    ["Claim", s.claim],
    ["Hedge", s.hedge],
    ["Through", [s.outlet, ...s.via].filter(Boolean).join(", quoting ")],
    ["On the record", s.on_record ? "yes" : "no"],
    ["Said", s.said ? `${day(s.said)} ${utc(s.said, false)}` : "not known"],
    ["Published", s.published ? `${day(s.published)} ${utc(s.published, false)}` : ""],
    ["Entered", `${day(said.at)} ${utc(said.at)} by ${said.by}`],
    ["Seen by", seenBy(said)],
    ["Source", s.citation],
  ];
  const event = eventOf(said);
  const speaks = may("speak") && (authority || said.by === session.value?.subject);
  return (
    <div class="actions">
      <dl>
        {facts.filter(([, value]) => value).map(([name, value]) => (
          <Fact key={name} name={name}>{value}</Fact>
        ))}
        {said.grade && (
          <Fact name="Grade">
            {said.grade.reliability}{said.grade.credibility} {said.grade.reason}
          </Fact>
        )}
      </dl>
      {event && speaks && (
        <>
          <p class="buttons">
            <button
              type="button"
              onClick={() => {
                open.value = "record";
                writing.value = laterOf(event, said);
              }}
            >
              {authority ? "Enter what they said later" : "Say it anew"}
            </button>
            {takesBack(said) && (
              <button
                type="button"
                onClick={() => {
                  open.value = "record";
                  writing.value = withdrawalOf(event, said);
                }}
              >
                {authority ? "Enter its withdrawal" : "Withdraw it"}
              </button>
            )}
          </p>
          <p class="quiet small">What was said stays said; what follows is a statement of its own.</p>
        </>
      )}
      {shares(said) && <ShareForm said={said} />}
      {may("record") && authority && <GradeForm said={said} />}
    </div>
  );
}

/** Who sees it; to whom else it is shown is the authority's alone to know. */
function seenBy({ public: all, shared, by }: { public: boolean; shared: string[]; by: string }): string {
  if (all) return "all";
  if (session.value?.role !== "authority") return "those that it is shared with";
  return [...new Set([by, ...shared])].join(", ");
}

actions.set("statement", StatementActions);
