/**
 * The exchanges that are open, in no order. Members know their place, so adding and removing touch no hash table:
 * V8's sets of short-lived objects keep them alive across scavenges, which at tens of thousands of requests a
 * second cost a fifth of a core.
 */
export interface Placed {
  /** Where it stands in its list; -1 when in none. Only the list writes it. */
  place: number;
}

export class OpenList<Member extends Placed> {
  private readonly members: Member[] = [];

  get size(): number {
    return this.members.length;
  }

  add(member: Member): void {
    member.place = this.members.length;
    this.members.push(member);
  }

  /** Nothing happens to one that is not in the list. */
  remove(member: Member): void {
    if (this.members[member.place] !== member) return;
    const last = this.members.pop()!;
    if (last !== member) {
      this.members[member.place] = last;
      last.place = member.place;
    }
    member.place = -1;
  }

  /** The members as they are now; the array is the caller's. */
  all(): Member[] {
    return [...this.members];
  }
}
