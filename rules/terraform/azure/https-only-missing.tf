# ruleid: terraform.azure.https-only-missing
resource "azurerm_linux_web_app" "bad0" {
  name = "a"
}
# ruleid: terraform.azure.https-only-missing
resource "azurerm_windows_web_app" "bad1" {
  name = "a"
}
# ruleid: terraform.azure.https-only-missing
resource "azurerm_linux_function_app" "bad2" {
  name = "a"
}
# ok: terraform.azure.https-only-missing
resource "azurerm_linux_web_app" "good0" {
  name = "a"
  https_only = true
}
# ok: terraform.azure.https-only-missing
resource "azurerm_windows_web_app" "good1" {
  name = "a"
  https_only = true
}
# ok: terraform.azure.https-only-missing
resource "other_thing" "near" {
  name = "a"
}
