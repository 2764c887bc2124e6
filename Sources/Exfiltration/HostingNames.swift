// SPDX-License-Identifier: Apache-2.0

/// Networks that rent out machines to anyone, by the operator's name in the user's table.
enum HostingNames {
  /// How much a name says.
  enum Strength {
    /// The operator's business is known to be renting out machines.
    case known
    /// The name holds a word of the trade. Weak: network, service and customer may be anything.
    case suggested
  }

  /// Operators known for renting out machines, by a part of the name that is theirs alone.
  private static let operators = [
    "digitalocean", "hetzner", "ovh", "linode", "vultr", "choopa", "contabo", "leaseweb", "m247",
    "selectel", "aeza", "stark industries", "scaleway", "hostinger", "ionos", "dedipath",
    "quadranet", "psychz", "worldstream", "serverius", "timeweb", "hostkey", "kamatera",
  ]

  private static let words = [
    "hosting", "vps", "vpn", "colocation", "datacenter", "data center", "dedicated server",
  ]

  /// What the name of an AS says of renting out machines; `nil` for nothing.
  static func strength(_ name: String) -> Strength? {
    let lower = " " + name.lowercased()
    if holds(lower, operators) { return .known }
    return holds(lower, words) ? .suggested : nil
  }

  /// Short words only at the start of a word, so that "Provps" does not count.
  private static func holds(_ lower: String, _ words: [String]) -> Bool {
    words.contains { word in
      lower.contains(" " + word) || lower.contains("-" + word)
        || word.count >= 7 && lower.contains(word)
    }
  }
}
