resource "azurerm_kubernetes_cluster" "bad0" {
  # ruleid: terraform.azure.access-control-off
  role_based_access_control_enabled = true
}
resource "azurerm_kubernetes_cluster" "bad1" {
  # ruleid: terraform.azure.access-control-off
  role_based_access_control_enabled = true
}
resource "azurerm_kubernetes_cluster" "bad2" {
  # ruleid: terraform.azure.access-control-off
  role_based_access_control_enabled = true
}
resource "azurerm_kubernetes_cluster" "good0" {
  # ok: terraform.azure.access-control-off
  role_based_access_control_enabled = true
}
resource "azurerm_kubernetes_cluster" "good1" {
  # ok: terraform.azure.access-control-off
  name = "a"
}
resource "other_thing" "near" {
  # ok: terraform.azure.access-control-off
  role_based_access_control_enabled = false
}
