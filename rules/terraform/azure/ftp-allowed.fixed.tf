resource "azurerm_linux_web_app" "bad0" {
  # ruleid: terraform.azure.ftp-allowed
  ftps_state = "FtpsOnly"
}
resource "azurerm_windows_web_app" "bad1" {
  # ruleid: terraform.azure.ftp-allowed
  ftps_state = "FtpsOnly"
}
resource "azurerm_app_service" "bad2" {
  # ruleid: terraform.azure.ftp-allowed
  ftps_state = "FtpsOnly"
}
resource "azurerm_linux_web_app" "good0" {
  # ok: terraform.azure.ftp-allowed
  ftps_state = "FtpsOnly"
}
resource "azurerm_windows_web_app" "good1" {
  # ok: terraform.azure.ftp-allowed
  name = "a"
}
resource "other_thing" "near" {
  # ok: terraform.azure.ftp-allowed
  ftps_state = "AllAllowed"
}
