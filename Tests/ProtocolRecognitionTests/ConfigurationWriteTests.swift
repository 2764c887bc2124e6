// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ProtocolRecognition

@Suite struct ConfigurationWriteTests {
  @Test(
    arguments: [
      ("PUT", "/ISAPI/Security/users/2", nil, "PUT /ISAPI/Security/users/2"),
      ("POST", "/ISAPI/System/reboot?x=1", nil, "POST /ISAPI/System/reboot"),
      (
        "GET", "/cgi-bin/configManager.cgi?action=setConfig&NTP.Address=x", nil,
        "GET /cgi-bin/configManager.cgi action=setconfig"
      ),
      (
        "POST", "/onvif/device_service",
        "\"http://www.onvif.org/ver10/device/wsdl/SetNetworkInterfaces\"",
        "ONVIF SetNetworkInterfaces"
      ),
      ("POST", "/axis-cgi/firmwareupgrade.cgi", nil, "POST /axis-cgi/firmwareupgrade.cgi"),
    ] as [(String, String, String?, String)])
  func writes(method: String, target: String, action: String?, text: String) {
    let found = ConfigurationWrite.text(
      method: method, target: target.utf8.span, action: action)
    #expect(found == text)
  }

  @Test(
    arguments: [
      ("GET", "/ISAPI/System/deviceInfo", nil), ("POST", "/ISAPI/ContentMgmt/search", nil),
      ("POST", "/ISAPI/ContentMgmt/download", nil), ("GET", "/index.html", nil),
      ("GET", "/cgi-bin/configManager.cgi?action=getConfig", nil),
      ("POST", "/onvif/device_service", "http://www.onvif.org/ver10/device/wsdl/GetUsers"),
      ("PUT", "/photos.zip", nil),
    ] as [(String, String, String?)])
  func questionsAreNone(method: String, target: String, action: String?) {
    let found = ConfigurationWrite.text(
      method: method, target: target.utf8.span, action: action)
    #expect(found == nil)
  }

  @Test(arguments: [
    ("/firmware/IPC_V5.7.23.dav", true, true), ("/a/digicap.DAV", true, true),
    ("/ota/firmware_1.2.zip", true, true), ("/x/busybox.sh", true, false),
    ("/index.html", false, false), ("/", false, false), ("", false, false),
    ("/api/firmware/status", false, false), ("/a.b/c", false, false),
  ])
  func filesAreKnownByName(path: String, isFile: Bool, isFirmware: Bool) {
    let kind = FileDownload.kind(ofPath: path)
    #expect(kind.isFile == isFile)
    #expect(kind.isFirmware == isFirmware)
  }
}
