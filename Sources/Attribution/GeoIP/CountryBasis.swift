// SPDX-License-Identifier: Apache-2.0

/// What the country column of a table states; vendors mean different things by it.
public enum CountryBasis: String, Sendable, CaseIterable {
  /// Where the vendor believes the host is (MaxMind, IPinfo, DB-IP, IP2Location).
  case location
  /// The country of the organisation a registry assigned the addresses to (RIR delegated files).
  case registrant
  /// A registry's country with the vendor's corrections (IPFire, tor-geoipdb).
  case registry
  /// The country of the autonomous system, wherever its hosts are (iptoasn.com).
  case autonomousSystem = "autonomous_system"
  /// The file does not say; treated as a location, and said so.
  case unstated

  /// Whether the country tells of the operator and not of the place of the host.
  public var isOperator: Bool { self == .autonomousSystem }
}
