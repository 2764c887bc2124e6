// SPDX-License-Identifier: Apache-2.0

/// Networks that rent out machines to anyone, by the operator's name in the user's table.
enum HostingNames {
  private static let words = [
    "hosting", "vps", "vpn", "colocation", "datacenter", "data center", "dedicated server",
    "digitalocean", "hetzner", "ovh", "linode", "vultr", "choopa", "contabo", "leaseweb", "m247",
    "selectel", "aeza", "stark industries", "scaleway", "hostinger", "ionos", "dedipath",
    "quadranet", "psychz", "worldstream", "serverius", "timeweb", "hostkey", "kamatera",
  ]

  /// Whether the name of an AS says that it rents out machines.
  static func isHosting(_ name: String) -> Bool {
    let lower = " " + name.lowercased()
    // At the start of a word, so that "Rehosting" or "Provps" do not count.
    return words.contains { word in
      lower.contains(" " + word) || lower.contains("-" + word)
        || word.count >= 7 && lower.contains(word)
    }
  }
}
