resource "azurerm_managed_disk" "bad0" {
  # ruleid: terraform.azure.disk-public-access
  public_network_access_enabled = false
}
resource "azurerm_managed_disk" "bad1" {
  # ruleid: terraform.azure.disk-public-access
  public_network_access_enabled = false
}
resource "azurerm_managed_disk" "bad2" {
  # ruleid: terraform.azure.disk-public-access
  public_network_access_enabled = false
}
resource "azurerm_managed_disk" "good0" {
  # ok: terraform.azure.disk-public-access
  public_network_access_enabled = false
}
resource "azurerm_managed_disk" "good1" {
  # ok: terraform.azure.disk-public-access
  name = "a"
}
resource "other_thing" "near" {
  # ok: terraform.azure.disk-public-access
  public_network_access_enabled = true
}
