// SPDX-License-Identifier: Apache-2.0

/// Tables, indices and views of the database.
enum SQLiteSchema {
  /// Made before any row; columns are in the order in which rows are written.
  static var tables: String {
    """
    PRAGMA page_size = 4096;
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA encoding = 'UTF-8';
    BEGIN;
    CREATE TABLE analysis (key TEXT PRIMARY KEY, value);
    CREATE TABLE inputs (file INTEGER PRIMARY KEY, path TEXT, sha256 TEXT, bytes INTEGER,
      format TEXT, compression TEXT, packets INTEGER, wire_bytes INTEGER, first_time TEXT,
      last_time TEXT, truncated_packets INTEGER, damage_count INTEGER);
    CREATE TABLE devices (device TEXT PRIMARY KEY, role TEXT, confidence TEXT, vendor TEXT,
      model TEXT, serial TEXT, firmware TEXT, macs TEXT, names TEXT, camera_verdict TEXT,
      camera_text TEXT);
    CREATE TABLE device_addresses (device TEXT REFERENCES devices, ip TEXT);
    CREATE TABLE destinations (ip TEXT PRIMARY KEY, names TEXT, asn INTEGER, as_name TEXT,
      country TEXT, scope TEXT, bytes INTEGER, devices TEXT);
    CREATE TABLE flows (\(FlowColumn.all.map(\.name).joined(separator: ", ")));
    CREATE TABLE media_streams (stream INTEGER PRIMARY KEY, flow_id INTEGER, transport TEXT,
      kind TEXT, ssrc INTEGER, payload_type INTEGER, source_ip TEXT, source_port INTEGER,
      destination_ip TEXT, destination_port INTEGER, media TEXT, codec TEXT, width INTEGER,
      height INTEGER, frames_per_second REAL, key_frame_interval_seconds REAL, packets INTEGER,
      lost INTEGER, bytes INTEGER, first_time TEXT, last_time TEXT, verdict TEXT);
    CREATE TABLE findings (\(FindingColumn.all.map(\.name).joined(separator: ", ")));
    CREATE TABLE finding_flows (finding TEXT, flow_id INTEGER);
    CREATE TABLE reasons (finding TEXT, kind TEXT, signal TEXT, value REAL, threshold REAL,
      points REAL, text TEXT, packets TEXT);
    CREATE TABLE time_bins (finding TEXT, bin_start TEXT, bin_seconds INTEGER, packets INTEGER,
      wire_bytes INTEGER, payload_bytes INTEGER, new_payload_bytes INTEGER, coverage TEXT);
    CREATE TABLE prior_events (finding TEXT, kind TEXT, time TEXT, text TEXT, peer_ip TEXT,
      name TEXT, bytes INTEGER, packets TEXT);
    CREATE TABLE stories (story TEXT PRIMARY KEY, kind TEXT, severity TEXT, devices TEXT,
      destinations TEXT, bytes INTEGER, first_time TEXT, last_time TEXT, text TEXT);
    CREATE TABLE story_findings (story TEXT REFERENCES stories, finding TEXT);
    CREATE TABLE story_facts (story TEXT REFERENCES stories, kind TEXT, time TEXT, text TEXT,
      value REAL, threshold REAL, packets TEXT);
    CREATE TABLE names (name TEXT, ip TEXT, source TEXT, file INTEGER, frame INTEGER, time TEXT);
    CREATE TABLE limitations (id TEXT, text TEXT, count INTEGER);
    """
  }

  /// Made after the rows, which is faster.
  static let indices = """
    CREATE UNIQUE INDEX flows_id ON flows (flow_id);
    CREATE INDEX flows_originator ON flows (originator_ip);
    CREATE INDEX flows_responder ON flows (responder_ip);
    CREATE UNIQUE INDEX findings_id ON findings (finding);
    CREATE INDEX findings_device ON findings (device);
    CREATE INDEX finding_flows_flow ON finding_flows (flow_id);
    CREATE INDEX reasons_finding ON reasons (finding);
    CREATE INDEX prior_events_finding ON prior_events (finding);
    CREATE INDEX story_findings_finding ON story_findings (finding);
    CREATE INDEX story_facts_story ON story_facts (story);
    CREATE INDEX time_bins_finding ON time_bins (finding, bin_start);
    CREATE INDEX device_addresses_ip ON device_addresses (ip);
    CREATE INDEX names_ip ON names (ip);
    CREATE VIEW video_abroad AS
      SELECT finding, severity, video_verdict, exposure, device, source_ip, destination_ip,
        destination_country, destination_asn, destination_as_name, bytes, first_time, last_time
      FROM findings WHERE exposure >= 'X2' AND video_verdict IN ('certain', 'likely')
      ORDER BY severity_rank DESC, bytes DESC;
    CREATE VIEW bytes_by_country AS
      SELECT coalesce(country, 'unknown') AS country, scope, count(*) AS destinations,
        sum(bytes) AS bytes
      FROM destinations GROUP BY 1, 2 ORDER BY bytes DESC;
    CREATE VIEW cameras AS
      SELECT device, vendor, model, camera_verdict,
        (SELECT group_concat(ip, ' ') FROM device_addresses a WHERE a.device = d.device) AS addresses,
        camera_text
      FROM devices d WHERE camera_verdict IS NOT NULL;
    CREATE VIEW evidence AS
      SELECT finding, kind, signal, value, threshold, text, packets FROM reasons;
    CREATE VIEW inbound_connections AS
      SELECT a.device, f.originator_ip, f.responder_ip, f.responder_port, f.protocol, f.first_time,
        f.service, f.video_verdict, f.responder_new_payload_bytes AS bytes_sent_back
      FROM flows f JOIN device_addresses a ON a.ip = f.responder_ip
      WHERE f.originator_ip NOT IN (SELECT ip FROM device_addresses);
    CREATE VIEW video_by_hour AS
      SELECT substr(b.bin_start, 1, 13) AS hour, f.device, sum(b.new_payload_bytes) AS bytes
      FROM time_bins b JOIN findings f USING (finding)
      WHERE f.video_verdict IN ('certain', 'likely') GROUP BY 1, 2 ORDER BY 1, 2;
    """
}
