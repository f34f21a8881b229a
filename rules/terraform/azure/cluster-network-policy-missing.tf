# ruleid: terraform.azure.cluster-network-policy-missing
resource "azurerm_kubernetes_cluster" "bad0" {
  name = "a"
}
# ruleid: terraform.azure.cluster-network-policy-missing
resource "azurerm_kubernetes_cluster" "bad1" {
  name = "a"
}
# ruleid: terraform.azure.cluster-network-policy-missing
resource "azurerm_kubernetes_cluster" "bad2" {
  name = "a"
}
# ok: terraform.azure.cluster-network-policy-missing
resource "azurerm_kubernetes_cluster" "good0" {
  name = "a"
  network_profile {
    network_policy = "calico"
  }
}
# ok: terraform.azure.cluster-network-policy-missing
resource "azurerm_kubernetes_cluster" "good1" {
  name = "a"
  network_profile {
    network_policy = "calico"
  }
}
# ok: terraform.azure.cluster-network-policy-missing
resource "other_thing" "near" {
  name = "a"
}
