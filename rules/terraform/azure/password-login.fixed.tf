resource "azurerm_linux_virtual_machine_scale_set" "bad1" {
  # ruleid: terraform.azure.password-login
  disable_password_authentication = true
}
resource "azurerm_linux_virtual_machine" "bad2" {
  # ruleid: terraform.azure.password-login
  disable_password_authentication = true
}
resource "azurerm_linux_virtual_machine_scale_set" "bad3" {
  # ruleid: terraform.azure.password-login
  disable_password_authentication = true
}
resource "azurerm_linux_virtual_machine" "good4" {
  # ok: terraform.azure.password-login
  disable_password_authentication = true
}
resource "azurerm_linux_virtual_machine_scale_set" "good5" {
  # ok: terraform.azure.password-login
  admin_username = "admin"
}
resource "azurerm_linux_virtual_machine" "good6" {
  # ok: terraform.azure.password-login
  disable_password_authentication = true
}
resource "other_thing" "near" {
  # ok: terraform.azure.password-login
  disable_password_authentication = false
}
