class Users
  def find
    # ruleid: ruby.web.template-injection
    ERB.new("Hello " + params[:name])
    # ruleid: ruby.web.template-injection
    render(inline: "Hello #{params[:name]}")
    # ruleid: ruby.web.template-injection
    Liquid::Template.parse(params[:name])
    # ok: ruby.web.template-injection
    render(inline: "Hello", locals: { name: params[:name] })
    # ok: ruby.web.template-injection
    ERB.new(File.read("page.erb"))
    # ok: ruby.web.template-injection
    Page.new(params[:name])
  end
end
