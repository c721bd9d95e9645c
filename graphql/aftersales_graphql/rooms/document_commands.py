"""What is done with documents."""

from aftersales.documents import service
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.commands import command
from aftersales_graphql.rooms.documents import Document, DocumentDispatch


@root
class DocumentMutations:
    add_document = command(service.add_document, returns=Document)
    write_document_section = command(service.write_document_section, returns=Document)
    publish_document = command(service.publish_document, returns=Document)
    reclassify_document = command(service.reclassify_document, returns=Document)
    send_document = command(service.send_document, returns=DocumentDispatch, under="dispatch")
