import { Type } from 'typebox';
import '../shared/text';
import { type FromDesigner, toDesigner } from '../../src/messages/designer';
import { connect } from '../shared/host';
import '../shared/table';
import '../shared/base.css';
import './boundSlider';
import { DesignerPage } from './designerPage';
import './numberField';
import './style.css';
import './weightSlider';

const kept = Type.Object({
  section: Type.String(),
  open: Type.Array(Type.String()),
  keptHints: Type.Array(Type.String()),
  widened: Type.Array(Type.String()),
  table: Type.Boolean(),
});

const page = new DesignerPage();
const host = connect<typeof toDesigner, FromDesigner>(
  toDesigner,
  (message) => page.receive(message),
  (lost) => {
    page.lost = lost;
  },
);
page.begin(host, host.restore(kept));
document.body.append(page);
