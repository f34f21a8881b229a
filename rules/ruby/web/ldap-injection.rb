class Users
  def find(ldap)
    # ruleid: ruby.web.ldap-injection
    Net::LDAP::Filter.construct("(uid=#{params[:name]})")
    # ruleid: ruby.web.ldap-injection
    ldap.search(base: "dc=example", filter: "(uid=" + params[:name] + ")")
    # ruleid: ruby.web.ldap-injection
    ldap.search(base: "ou=#{params[:unit]},dc=example")
    # ok: ruby.web.ldap-injection
    ldap.search(base: "dc=example", filter: Net::LDAP::Filter.eq("uid", params[:name]))
    # ok: ruby.web.ldap-injection
    Net::LDAP::Filter.construct("(uid=#{Net::LDAP::Filter.escape(params[:name])})")
    # ok: ruby.web.ldap-injection
    shop.search(text: params[:name])
  end
end
