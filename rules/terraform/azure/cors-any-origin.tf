resource "azurerm_linux_web_app" "bad0" {
  # ruleid: terraform.azure.cors-any-origin
  allowed_origins = ["*"]
}
resource "azurerm_app_service" "bad1" {
  # ruleid: terraform.azure.cors-any-origin
  allowed_origins = ["*"]
}
resource "azurerm_function_app" "bad2" {
  # ruleid: terraform.azure.cors-any-origin
  allowed_origins = ["*"]
}
resource "azurerm_linux_web_app" "good0" {
  # ok: terraform.azure.cors-any-origin
  allowed_origins = ["https://example.org"]
}
resource "azurerm_app_service" "good1" {
  # ok: terraform.azure.cors-any-origin
  name = "a"
}
resource "other_thing" "near" {
  # ok: terraform.azure.cors-any-origin
  allowed_origins = ["*"]
}
